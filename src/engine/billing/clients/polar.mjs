// Polar's official SDK as our tests use it: `node polar.mjs ACTION < request.json > answer.json`.
import fs from "node:fs";
import { Polar } from "@polar-sh/sdk";
import { validateEvent } from "@polar-sh/sdk/webhooks";
import { Webhook } from "standardwebhooks";

const request = JSON.parse(fs.readFileSync(0, "utf8"));

// A signature for each of {payload, secret, id, timestamp}, made by the library that the SDK verifies with.
function sign() {
  return request.map(({ payload, secret, id, timestamp }) =>
    new Webhook(Buffer.from(secret, "utf-8").toString("base64")).sign(id, new Date(timestamp * 1000), payload),
  );
}

// What the SDK reads in each of {payload, headers, secret}, now being `receivedAt` (milliseconds).
function verify() {
  return request.map(({ payload, headers, secret, receivedAt }) => {
    Date.now = () => receivedAt;
    try {
      const event = validateEvent(payload, headers, secret);
      return `${event.type} ${event.data.id}`;
    } catch (error) {
      return error.constructor.name;
    }
  });
}

// Walks a server as the SDK does, and tells what it understood.
async function walk() {
  const polar = new Polar({ accessToken: "polar_oat_1", serverURL: request.url, retryConfig: { strategy: "none" } });
  const checkout = await polar.checkouts.create(request.checkout);
  const paid = await polar.checkouts.get({ id: request.paid });
  const subscription = await polar.subscriptions.get({ id: request.subscription });
  const session = await polar.customerSessions.create({
    customerId: subscription.customerId,
    returnUrl: "https://app.test",
  });
  const listed = await polar.subscriptions.list({ customerId: subscription.customerId, sorting: ["-started_at"], limit: 100 });
  const orders = await polar.orders.list({ subscriptionId: subscription.id, sorting: ["-created_at"], limit: 1 });
  const order = await polar.orders.get({ id: orders.result.items[0].id });
  const cancelled = await polar.subscriptions.update({
    id: subscription.id,
    subscriptionUpdate: { cancelAtPeriodEnd: true },
  });
  let missing;
  await polar.subscriptions.get({ id: "unknown" }).catch((error) => (missing = error.constructor.name));
  return {
    checkout: `${checkout.status} ${checkout.currency} ${checkout.amount}`,
    paid: paid.status,
    portal: session.customerPortalUrl,
    product: subscription.product.id,
    owner: subscription.customer.externalId,
    listed: listed.result.items.map((each) => each.checkoutId),
    order: `${order.subscriptionId} ${order.totalAmount} ${order.currency}`,
    cancelled: cancelled.cancelAtPeriodEnd,
    missing,
  };
}

const answer = await { sign, verify, walk }[process.argv[2]]();
process.stdout.write(JSON.stringify(answer));
