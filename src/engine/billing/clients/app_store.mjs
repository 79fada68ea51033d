// Apple's official library as our tests use it: `node app_store.mjs ACTION < request.json > answer.json`.
import fs from "node:fs";
import {
  AppStoreServerAPIClient,
  Environment,
  SignedDataVerifier,
  VerificationStatus,
} from "@apple/app-store-server-library";

const request = JSON.parse(fs.readFileSync(0, "utf8"));

// Whether it takes each of {jws, kind, root, environment?, bundle?}: what it read, or why not.
async function verify() {
  const answers = [];
  for (const { jws, kind, root, environment = "Production", bundle = "com.example.app" } of request) {
    const verifier = new SignedDataVerifier([Buffer.from(root, "base64")], false, environment, bundle, 1234);
    const read = {
      transaction: (text) => verifier.verifyAndDecodeTransaction(text),
      renewal: (text) => verifier.verifyAndDecodeRenewalInfo(text),
      notification: (text) => verifier.verifyAndDecodeNotification(text),
    }[kind];
    try {
      answers.push(await read(jws));
    } catch (error) {
      answers.push(VerificationStatus[error.status] ?? error.message);
    }
  }
  return answers;
}

// Asks a server as the library does, with its own tokens, and tells what it understood.
async function walk() {
  const { url, key, subscription, transaction } = request;
  const client = new AppStoreServerAPIClient(key, "KEY1", "issuer-1", "com.example.app", Environment.PRODUCTION);
  client.urlBase = url;
  const statuses = await client.getAllSubscriptionStatuses(subscription);
  const found = statuses.data[0].lastTransactions.find((last) => last.originalTransactionId === subscription);
  const info = await client.getTransactionInfo(transaction);
  let missing;
  await client.getAllSubscriptionStatuses("42").catch((error) => (missing = error.apiError));
  return {
    environment: statuses.environment,
    status: found.status,
    signed: [found.signedTransactionInfo, found.signedRenewalInfo, info.signedTransactionInfo],
    missing,
  };
}

// The certificates of Apple's own that its library is tested with: leaf, authority and root.
function certificates() {
  const tests = fs.readFileSync(
    new URL(
      "node_modules/@apple/app-store-server-library/dist/tests/unit-tests/jws_verification.test.js",
      import.meta.url,
    ),
    "utf8",
  );
  return ["SIGNING_CERTIFICATE", "INTERMEDIATE", "ROOT"].map(
    (name) => tests.match(`REAL_APPLE_${name}_BASE64_ENCODED = "([^"]*)"`)[1],
  );
}

const answer = await { verify, walk, certificates }[process.argv[2]]();
process.stdout.write(JSON.stringify(answer));
