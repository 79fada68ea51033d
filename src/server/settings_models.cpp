// Who makes text, speech and pictures for us.
#include <fstream>

#include "engine/ai/routing.hpp"
#include "server/read_settings.hpp"

namespace odeon::server {
namespace {

struct KnownProvider {
  const char* name;
  const char* key_variable;
  const char* address_variable;
  const char* address;  // its own
};

constexpr std::array kProviders{
    KnownProvider{"openai", "OPENAI_API_KEY", "OPENAI_BASE_URL", "https://api.openai.com"},
    KnownProvider{"anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "https://api.anthropic.com"},
    KnownProvider{"gemini", "GEMINI_API_KEY", "GEMINI_BASE_URL", "https://generativelanguage.googleapis.com"},
    KnownProvider{"xai", "XAI_API_KEY", "XAI_BASE_URL", "https://api.x.ai"},
    KnownProvider{"deepseek", "DEEPSEEK_API_KEY", "DEEPSEEK_BASE_URL", "https://api.deepseek.com"},
    KnownProvider{"mistral", "MISTRAL_API_KEY", "MISTRAL_BASE_URL", "https://api.mistral.ai"},
    KnownProvider{"openrouter", "OPENROUTER_API_KEY", "OPENROUTER_BASE_URL", "https://openrouter.ai/api"},
    KnownProvider{"cartesia", "CARTESIA_API_KEY", "CARTESIA_BASE_URL", "https://api.cartesia.ai"},
    KnownProvider{"fal", "FAL_KEY", "FAL_BASE_URL", "https://queue.fal.run"},
    KnownProvider{"elevenlabs", "ELEVENLABS_API_KEY", "ELEVENLABS_BASE_URL", "https://api.elevenlabs.io"}};

// With a key it is itself; with an address and no key, a server of somebody's own.
void read_provider(Config& config, Settings& settings, const KnownProvider& known) {
  const std::string place = fmt::format("ai.{}", known.name);
  ProviderSettings provider{.base_url = web_address(config, place + ".base_url", known.address_variable, ""),
                            .key = config.text(place + ".key", known.key_variable, "")};
  if (provider.key.empty() && provider.base_url.empty()) return;
  if (provider.base_url.empty()) provider.base_url = known.address;
  settings.providers.emplace(known.name, std::move(provider));
}

// Nothing if it is not set, or not right.
std::optional<identity::ServiceAccount> account_in(Config& config, std::string_view key, const std::string& variable) {
  const std::string text = config.text(key, variable, "");
  if (text.empty()) return std::nullopt;
  try {
    return service_account(text);
  } catch (const Error& error) {
    config.reject(key, variable, error.message);
    return std::nullopt;
  }
}

void read_vertex(Config& config, Settings& settings) {
  auto account = account_in(config, "ai.vertex.service_account", "VERTEX_SERVICE_ACCOUNT");
  const std::string project = config.text("ai.vertex.project", "VERTEX_PROJECT", "");
  const std::string location = config.text("ai.vertex.location", "VERTEX_LOCATION", "us-central1");
  const std::string base_url = web_address(config, "ai.vertex.base_url", "VERTEX_BASE_URL",
                                           fmt::format("https://{}-aiplatform.googleapis.com", location));
  if (!account) return;
  if (project.empty()) config.reject("ai.vertex.project", "VERTEX_PROJECT", "must be set for a service account");
  settings.vertex = {std::move(*account), project, location, base_url};
}

void read_google(Config& config, Settings& settings) {
  GoogleSettings google{
      .account = account_in(config, "ai.google.service_account", "GOOGLE_SPEECH_SERVICE_ACCOUNT"),
      .key = config.text("ai.google.key", "GOOGLE_SPEECH_API_KEY", ""),
      .speech_base_url = web_address(config, "ai.google.speech_base_url", "GOOGLE_SPEECH_BASE_URL",
                                     "https://texttospeech.googleapis.com"),
      .transcription_base_url = web_address(config, "ai.google.transcription_base_url", "GOOGLE_TRANSCRIPTION_BASE_URL",
                                            "https://speech.googleapis.com")};
  if (google.account || !google.key.empty()) settings.google = std::move(google);
}

void read_bedrock(Config& config, Settings& settings) {
  const std::string region = config.text("ai.bedrock.region", "BEDROCK_REGION", "");
  ai::AwsKeys keys{.access_key = config.text("ai.bedrock.access_key", "BEDROCK_ACCESS_KEY_ID", ""),
                   .secret_key = config.text("ai.bedrock.secret_key", "BEDROCK_SECRET_ACCESS_KEY", ""),
                   .session_token = config.text("ai.bedrock.session_token", "BEDROCK_SESSION_TOKEN", ""),
                   .region = region};
  const std::string base_url = web_address(config, "ai.bedrock.base_url", "BEDROCK_BASE_URL",
                                           fmt::format("https://bedrock-runtime.{}.amazonaws.com", region));
  if (region.empty()) return;
  if (keys.access_key.empty() || keys.secret_key.empty())
    config.reject("ai.bedrock.access_key", "BEDROCK_ACCESS_KEY_ID", "and the secret key must be set for a region");
  settings.bedrock = {std::move(keys), base_url};
}

// Ours is known to be right; an operator's is to say at the start what is not.
void read_catalogue(Config& config, Settings& settings) {
  const std::string name = config.text("ai.models", "ODEON_MODELS", "");
  if (name.empty()) return;
  std::ifstream file(name);
  settings.models.assign(std::istreambuf_iterator<char>(file), {});
  if (!file || settings.models.empty())
    return config.reject("ai.models", "ODEON_MODELS", "names a file that cannot be read, or has nothing in it");
  try {
    const auto catalogue = ai::Catalogue::from_toml(settings.models, name);
    ai::Routing(settings.models, catalogue, name);
  } catch (const Error& error) {
    config.reject("ai.models", "ODEON_MODELS", error.message);
  }
}

}  // namespace

identity::ServiceAccount service_account(std::string text) {
  if (!text::trim(text).starts_with('{')) {
    std::ifstream file(text);
    text.assign(std::istreambuf_iterator<char>(file), {});
    if (!file) throw Error(Fault::invalid, "CONFIG", "must be the key file that Google gives, or what it holds");
  }
  return identity::ServiceAccount::from_json(text);
}

void read_models(Config& config, Settings& settings) {
  read_catalogue(config, settings);
  for (const auto& provider : kProviders) read_provider(config, settings, provider);
  read_vertex(config, settings);
  read_google(config, settings);
  read_bedrock(config, settings);
  settings.text_model = config.text("ai.openai.text_model", "OPENAI_TEXT_MODEL", "gpt-4o-mini");
  settings.embedding_model = config.text("ai.openai.embedding_model", "OPENAI_EMBEDDING_MODEL", "");
  settings.transcription_model = config.text("ai.openai.transcription_model", "OPENAI_TRANSCRIPTION_MODEL", "");
  settings.image_model = config.text("ai.openai.image_model", "OPENAI_IMAGE_MODEL", "");

  const std::string kokoro = web_address(config, "ai.kokoro.url", "KOKORO_URL", "");
  if (!kokoro.empty()) settings.providers["kokoro"] = {.base_url = kokoro};
  settings.speech_models = {
      {"openai", config.text("ai.openai.speech_model", "OPENAI_SPEECH_MODEL", "tts-1")},
      {"kokoro", config.text("ai.kokoro.model", "KOKORO_MODEL", "kokoro")},
      {"cartesia", config.text("ai.cartesia.model", "CARTESIA_MODEL", "sonic-3")},
      {"elevenlabs", config.text("ai.elevenlabs.model", "ELEVENLABS_MODEL", "eleven_multilingual_v2")}};
}

}  // namespace odeon::server
