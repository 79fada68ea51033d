// What stands before every handler: whose token it is, how often they may come, and what they send.
import { NextResponse } from "next/server";
import { ZodError } from "zod";
import { prisma } from "./prisma";

const DAY = 86_400_000, MINUTE = 60_000;

export class Failure extends Error {
  constructor(status, code, message, details) {
    super(message);
    Object.assign(this, { status, code, details });
  }
}

async function signedIn(request) {
  const token = request.headers.get("authorization")?.match(/^Bearer (.+)$/)?.[1];
  const session = token && (await prisma.session.findUnique({ where: { token }, include: { user: true } }));
  if (!session || session.expiresAt < new Date()) throw new Failure(401, "UNAUTHORIZED", "Please sign in.");
  if (Date.now() - session.updatedAt.getTime() > DAY)
    await prisma.session.update({ where: { id: session.id }, data: { expiresAt: new Date(Date.now() + 30 * DAY) } });
  return session.user;
}

// The spec's sliding window, without the way to a Redis.
const windows = new Map();
function limited(key, most) {
  const now = Date.now();
  const seen = (windows.get(key) ?? []).filter((at) => at > now - MINUTE);
  windows.set(key, seen);
  const allowed = seen.length < most;
  if (allowed) seen.push(now);
  const headers = {
    "RateLimit-Limit": String(most),
    "RateLimit-Remaining": String(most - seen.length),
    "RateLimit-Reset": String(Math.ceil(((seen[0] ?? now) + MINUTE - now) / 1000)),
  };
  return { allowed, headers };
}

export function guarded(operation, most, handle) {
  return async (request, context) => {
    let headers;
    try {
      const user = await signedIn(request);
      const limit = limited(`${user.id}:${operation}`, most);
      headers = limit.headers;
      if (!limit.allowed) throw new Failure(429, "RATE_LIMITED", "Too many requests.");
      const { status = 200, ...body } = await handle({ user, request, params: await context.params });
      return NextResponse.json(body, { status, headers });
    } catch (error) {
      if (error instanceof ZodError || error instanceof SyntaxError)
        error = new Failure(400, "INVALID_INPUT", "Please check what you sent.", error.issues);
      if (!(error instanceof Failure)) {
        console.error(error);
        error = new Failure(500, "INTERNAL", "Something went wrong.");
      }
      const { code, message, details, status } = error;
      return NextResponse.json({ error: code, message, details }, { status, headers });
    }
  };
}
