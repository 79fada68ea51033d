// What Finlight answers, as articles. Fields may be missing by plan or have another type than documented;
// only a title is needed.
#include <set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "products/briefings/links.hpp"
#include "products/briefings/news/finlight.hpp"
#include "products/briefings/news/markup.hpp"
#include "products/briefings/news/quotes.hpp"
#include "products/briefings/script/sentences.hpp"

namespace odeon::briefings {
namespace {

std::string_view text_of(const json::object& object, std::string_view name) {
  const auto* found = object.if_contains(name);
  if (found == nullptr || !found->is_string()) return {};
  const std::string_view text = found->get_string();
  return text::is_utf8(text) ? text : std::string_view();
}

std::string plain(std::string_view markup) {
  const std::string text = plain_text(markup);
  return bounded(without_boilerplate(text::prefix(text, 8 * kMaxSummaryLength)), kMaxSummaryLength);
}

// "Reuters" of "www.reuters.com": hosts are hard on the ear.
std::string outlet_of(std::string_view host) {
  auto labels = text::split(host, '.');
  if (labels.size() < 2) return std::string(text::prefix(host, 60));
  labels.pop_back();
  const std::set<std::string_view> shared{"co", "com", "org", "net", "gov", "ac"};
  if (labels.size() > 1 && shared.contains(labels.back())) labels.pop_back();
  std::string name(text::prefix(labels.back(), 60));
  if (!name.empty() && name.front() >= 'a' && name.front() <= 'z') name.front() = static_cast<char>(name.front() - 32);
  return name;
}

// RFC 3339, or the same with a space, or without a zone.
std::optional<Instant> date_of(std::string_view written) {
  std::string when(written.substr(0, 40));
  if (when.size() > 10 && when[10] == ' ') when[10] = 'T';
  const auto found = parse_iso8601(when);
  return found ? found : parse_iso8601(when + "Z");
}

std::optional<std::vector<std::string>> tickers_in(const json::object& item) {
  const auto* companies = item.if_contains("companies");
  if (companies == nullptr || !companies->is_array()) return std::nullopt;
  std::vector<std::string> tickers;
  const auto add = [&](const json::object& object) {
    const auto ticker = ticker_from(text_of(object, "ticker"));
    if (ticker && tickers.size() < 50 && std::ranges::find(tickers, *ticker) == tickers.end())
      tickers.push_back(*ticker);
  };
  for (const auto& company : companies->get_array()) {
    if (!company.is_object()) continue;
    add(company.get_object());
    const auto* listing = company.get_object().if_contains("primaryListing");
    if (listing != nullptr && listing->is_object()) add(listing->get_object());
  }
  return tickers;
}

std::optional<Article> article_of(const json::object& item) {
  const auto language = text_of(item, "language");
  if (!language.empty() && !text::to_lower(language).starts_with("en")) return std::nullopt;
  Article article;
  article.title = text::replace_all(plain_text(text_of(item, "title")), "\n", " ");
  article.title = std::string(text::trim(text::prefix(article.title, kMaxTitleLength)));
  if (article.title.empty()) return std::nullopt;
  article.source = outlet_of(tidy(text_of(item, "source")));
  if (article.source.empty()) article.source = "Finlight";
  article.url = absolute_link("", text_of(item, "link"));
  article.published = date_of(text_of(item, "publishDate"));
  article.summary = plain(text_of(item, "summary"));
  if (const std::string content = plain(text_of(item, "content")); content.size() > article.summary.size())
    article.summary = content;
  article.tickers = tickers_in(item);
  return article;
}

}  // namespace

std::expected<std::vector<Article>, SkipReason> parse_finlight(std::string_view body) {
  if (body.size() > kMaxFeedBytes) return skip("too_large", "The answer of Finlight is larger than 4 MB.");
  if (text::trim(body).starts_with('<')) return skip("web_page", "Finlight answered with a web page.");
  json::value document;
  try {
    document = json::parse(body);
  } catch (const Error&) {
    return skip("malformed", "The answer of Finlight is not JSON.");
  }
  const auto* object = document.if_object();
  const auto* list = object == nullptr ? nullptr : object->if_contains("articles");
  if (list == nullptr || !list->is_array()) return skip("bad_answer", "Finlight gave an unexpected answer.");
  std::vector<Article> articles;
  for (const auto& item : list->get_array()) {
    if (articles.size() == kMaxFeedArticles) break;
    if (!item.is_object()) continue;
    if (auto article = article_of(item.get_object())) articles.push_back(std::move(*article));
  }
  if (articles.empty()) return skip("no_articles", "Finlight has no news on these stocks.");
  return articles;
}

}  // namespace odeon::briefings
