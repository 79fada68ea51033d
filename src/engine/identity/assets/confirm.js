// What a mail's link leads to. Nothing happens until somebody presses the button, so programs that follow links do
// no harm.
const query = new URLSearchParams(location.search);
const token = query.get("token"), recovers = query.get("purpose") === "recover";
const form = document.getElementById("form"), message = document.getElementById("message");

async function confirm() {
  const body = recovers ? { token, password: form.password.value } : { token };
  const reply = await fetch(recovers ? "reset-password" : "verify-email", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  if (reply.ok) return;
  const { error } = await reply.json();
  throw new Error(error.message ?? error);
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
