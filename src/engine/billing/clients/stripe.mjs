// Stripe's official SDK as our tests use it: `node stripe.mjs ACTION < request.json > answer.json`.
import fs from "node:fs";
import Stripe from "stripe";

const request = JSON.parse(fs.readFileSync(0, "utf8"));

// A signature header for each of {payload, secret, timestamp}.
function sign() {
  return request.map((one) => Stripe.webhooks.generateTestHeaderString(one));
}

// Whether the SDK takes each of {payload, header, secret}, now being `receivedAt` (milliseconds).
function verify() {
  return request.map(({ payload, header, secret, receivedAt }) => {
    try {
      return Stripe.webhooks.constructEvent(payload, header, secret, 300, undefined, receivedAt).id;
    } catch (error) {
      return error.type;
    }
  });
}

// Walks a server as the SDK does, and tells what it understood.
async function walk() {
  const { port, checkout } = request;
  const stripe = new Stripe("sk_test_1", { host: "127.0.0.1", port, protocol: "http", maxNetworkRetries: 0, telemetry: false });
  const session = await stripe.checkout.sessions.create(checkout, { idempotencyKey: "from-the-sdk" });
  const portal = await stripe.billingPortal.sessions.create({ customer: "cus_1", return_url: "https://app.test" });
  const subscription = await stripe.subscriptions.retrieve(request.subscription, { expand: ["latest_invoice"] });
  const cancelled = await stripe.subscriptions.update(request.subscription, { cancel_at_period_end: true });
  const invoice = await stripe.invoices.retrieve(subscription.latest_invoice.id);
  let missing;
  await stripe.subscriptions.retrieve("sub_unknown").catch((error) => (missing = `${error.type} ${error.code}`));
  const expired = await stripe.checkout.sessions.expire(session.id);
  return {
    session: session.object,
    portal: portal.url,
    price: subscription.items.data[0].price.id,
    cancelled: cancelled.cancel_at_period_end,
    invoice: invoice.parent.subscription_details.subscription,
    missing,
    expired: expired.status,
  };
}

const answer = await { sign, verify, walk }[process.argv[2]]();
process.stdout.write(JSON.stringify(answer));
