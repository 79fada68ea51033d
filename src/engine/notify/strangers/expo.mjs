// Talks to a stand-in of Expo's push service as the official SDK does: EXPO_BASE_URL=URL node expo.mjs FILE
// FILE holds {"tokens": [what may be one], "messages": [what to send]}. Prints as JSON what the SDK makes of them.
import { readFileSync } from "node:fs";
import { Expo } from "expo-server-sdk";

const { tokens, messages } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const expo = new Expo({ accessToken: "t-1", retryMinTimeout: 1 });

const chunks = expo.chunkPushNotifications(messages);
const tickets = [];
for (const chunk of chunks) tickets.push(...(await expo.sendPushNotificationsAsync(chunk)));

const ids = tickets.filter((ticket) => ticket.status === "ok").map((ticket) => ticket.id);
const receipts = {};
for (const chunk of expo.chunkPushNotificationReceiptIds(ids))
  Object.assign(receipts, await expo.getPushNotificationReceiptsAsync(chunk));

// What it is told of a request that is refused as a whole.
async function refusal(request) {
  try {
    await request;
  } catch (error) {
    return { status: error.statusCode, code: error.code };
  }
  return null;
}
const many = Array(101).fill(messages[0]);
console.log(
  JSON.stringify({
    taken: tokens.filter((token) => Expo.isExpoPushToken(token)),
    chunks: chunks.map((chunk) => chunk.length),
    tickets,
    receipts,
    refused: [
      await refusal(expo.sendPushNotificationsAsync(many)),
      await refusal(expo.getPushNotificationReceiptsAsync(Array(1001).fill("r"))),
    ],
  }),
);
