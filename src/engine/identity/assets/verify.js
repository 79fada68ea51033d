// What a mail's link leads to. Nothing happens until somebody presses the button, so programs that follow links do
// no harm.
const query = new URLSearchParams(location.search);
const type = query.get("type"), secret = query.get("token_hash");
const form = document.getElementById("form"), message = document.getElementById("message");
const recovers = type === "recovery";

async function ask(method, path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const reply = await fetch(path, { method, headers, body: JSON.stringify(body) });
  const said = await reply.json();
  if (!reply.ok) throw new Error(said.msg);
  return said;
}

let session;  // the link works once; a password that is refused can be mended
async function confirm() {
  session ??= await ask("POST", "verify", { type, token_hash: secret });
  if (recovers) await ask("PUT", "user", { password: form.password.value }, session.access_token);
}

document.getElementById("title").textContent = recovers ? "Choose a new password" : "Confirm your address";
message.textContent = recovers ? "" : "Press the button to confirm that this is your mail address.";
document.getElementById("password").hidden = !recovers;
form.password.required = recovers;
form.hidden = false;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    await confirm();
    form.hidden = true;
    message.textContent = recovers ? "Your new password is set. You can sign in with it." : "Thank you: your address is confirmed.";
  } catch (failure) {
    message.textContent = failure.message;
  }
  button.disabled = false;
});
