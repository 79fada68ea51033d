// As the spec has it: one client for the process.
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";

globalThis.prisma ??= new PrismaClient({
  adapter: new PrismaPg({ connectionString: process.env.DATABASE_URL, max: Number(process.env.CONNECTIONS) }),
});
export const prisma = globalThis.prisma;
