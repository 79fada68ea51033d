// Joins a declaration, a handler and an Api. Only parse, call and write are templates here; all else is
// in router.cpp.
//
//   mount(api, create_hero, &Heroes::create, heroes);   // Task<Created<HeroReply>> create(Caller, CreateHero)
//
// A handler takes (Caller, Request), (Request), (Caller) or nothing, by value. `service` outlives the Api. Who wants to
// see files of a form while they come says so with a WatchUpload.
#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "engine/http/endpoint.hpp"
#include "engine/http/events.hpp"
#include "engine/http/ranges.hpp"
#include "engine/http/router.hpp"

namespace odeon::http {
namespace detail {

template <class T>
inline constexpr bool is_wrapped = false;
template <class T>
inline constexpr bool is_wrapped<Created<T>> = true;
template <class T>
inline constexpr bool is_wrapped<Accepted<T>> = true;
template <class T>
inline constexpr bool is_wrapped<WithHeaders<T>> = true;
template <class T>
inline constexpr bool is_stream = false;
template <class T>
inline constexpr bool is_stream<Stream<T>> = true;
template <class T>
inline constexpr bool is_created = false;
template <class T>
inline constexpr bool is_created<Created<T>> = true;
template <class T>
inline constexpr bool is_accepted = false;
template <class T>
inline constexpr bool is_accepted<Accepted<T>> = true;

template <class T>
inline constexpr bool is_raw = false;
template <FieldName... Names>
inline constexpr bool is_raw<Raw<Names...>> = true;

template <FieldName... Names>
constexpr std::vector<std::string_view> field_names(const Raw<Names...>*) {
  return {Names...};
}

// Names of the files in a request; empty where it is no form.
template <class Request>
constexpr std::vector<std::string_view> upload_names() {
  std::vector<std::string_view> names;
  boost::mp11::mp_for_each<json::members_of<Request>>([&](auto member) {
    using M = std::remove_cvref_t<decltype(std::declval<Request&>().*member.pointer)>;
    if (std::same_as<M, Upload> || std::same_as<M, std::optional<Upload>>) names.emplace_back(member.name);
  });
  return names;
}

// A form is what it takes and nothing else: without a file it is not whole.
template <class Request>
constexpr bool needs_upload() {
  bool needs = false;
  boost::mp11::mp_for_each<json::members_of<Request>>([&](auto member) {
    needs |= std::same_as<std::remove_cvref_t<decltype(std::declval<Request&>().*member.pointer)>, Upload>;
  });
  return needs;
}

template <class Request>
Request read_request(const Call& call, const Input& input) {
  Request out{};
  json::Faults faults;
  json::value from_path;
  auto find = [&](std::string_view name) -> json::Found {
    for (const auto& [key, value] : call.path) {
      if (key != name) continue;
      from_path = value;
      return {&from_path, json::Source::text};
    }
    return {json::find(input.fields, name), input.source};
  };
  json::read_members(out, find, "", faults);
  faults.raise();
  return out;
}

template <class T>
void write_json(Response& response, const T& value, const Call& call) {
  std::string body;
  call.format.open(body, call.context);
  json::append(body, value);
  call.format.close(body, call.context);
  response.headers.add("Content-Type", "application/json");
  response.body = std::move(body);
}

template <class Result>
Response respond(Result result, Call& call) {
  Response response;
  if constexpr (std::same_as<Result, Response>) {
    response = std::move(result);
  } else if constexpr (std::same_as<Result, NoContent>) {
    response.status = 204;
  } else if constexpr (std::same_as<Result, SeeOther>) {
    response.status = 303;
    response.headers = std::move(result.headers);
    response.headers.add("Location", std::move(result.location));
  } else if constexpr (std::same_as<Result, Content>) {
    response.headers = std::move(result.headers);
    response.headers.add("Content-Type", std::move(result.type));
    response.body = std::move(result.body);
  } else if constexpr (std::same_as<Result, File>) {
    response = serve_file(call.request, result);
  } else if constexpr (std::same_as<Result, Download>) {
    response.headers.add("Content-Type", std::move(result.type));
    response.headers.add("Content-Disposition", attachment(result.name));
    response.headers.add("Cache-Control", "no-store");
    response.body = std::move(result.body);
  } else if constexpr (std::same_as<Result, Socket>) {
    response.status = 101;
    response.body = std::move(result.serve);
  } else if constexpr (is_wrapped<Result>) {
    if constexpr (is_created<Result>) {
      response.status = 201;
    } else if constexpr (is_accepted<Result>) {
      response.status = 202;
    } else {
      check_status(*call.info, result.status);
      response.status = result.status;
      response.headers = std::move(result.headers);
    }
    write_json(response, result.value, call);
  } else {
    write_json(response, result, call);
  }
  return response;
}

template <class Event>
Response respond(Stream<Event> stream, Call&) {
  return event_response(event_body([produce = std::move(stream.produce)](this auto, EventWriter& writer) -> Task<void> {
    co_await produce(Events<Event>(writer));
  }));
}

template <class Request, class Result>
Operation operation_of(const EndpointInfo& info) {
  Operation operation{.info = info,
                      .request = [](Schemas& schemas) { return schemas.members<Request>(); },
                      .files = upload_names<Request>(),
                      .has_json = !needs_upload<Request>()};
  operation.has_stream = std::derived_from<Request, Streamed>;
  if constexpr (is_raw<Request>) operation.raw_fields = field_names(static_cast<const Request*>(nullptr));
  constexpr bool is_file = std::same_as<Result, File>;
  if constexpr (std::same_as<Result, NoContent>) {
    operation.statuses = {204};
    operation.content_type = "";
  } else if constexpr (std::same_as<Result, SeeOther>) {
    operation.statuses = {303};
    operation.content_type = "";
  } else if constexpr (is_file || std::same_as<Result, Response> || std::same_as<Result, Content> ||
                       std::same_as<Result, Download>) {
    if (is_file) operation.statuses = {200, 206, 304};
    operation.content_type = info.media_type.empty() ? "*/*" : info.media_type;
  } else if constexpr (std::same_as<Result, Socket>) {
    operation.statuses = {101};
    operation.content_type = "";
  } else if constexpr (is_stream<Result>) {
    operation.content_type = "text/event-stream";
  } else if constexpr (is_wrapped<Result>) {
    operation.statuses = {201};
    if constexpr (is_accepted<Result>) operation.statuses = {202};
    if constexpr (!is_accepted<Result> && !is_created<Result>) operation.statuses = statuses_of(info);
    operation.result = [](Schemas& schemas) { return schemas.of<decltype(Result::value)>(); };
  } else {
    operation.result = [](Schemas& schemas) { return schemas.of<Result>(); };
  }
  return operation;
}

}  // namespace detail

template <class Request, class Result, class Handler, class Service>
void mount(Api& api, const Endpoint<Request, Result>& endpoint, Handler handler, Service& service,
           WatchUpload watch_upload = {}) {
  constexpr bool takes_request =
      std::is_invocable_v<Handler, Service&, Caller, Request> || std::is_invocable_v<Handler, Service&, Request>;
  constexpr bool takes_caller =
      std::is_invocable_v<Handler, Service&, Caller, Request> || std::is_invocable_v<Handler, Service&, Caller>;
  Route route{.operation = detail::operation_of<Request, Result>(endpoint.info),
              .watch_upload = std::move(watch_upload)};
  route.invoke = [handler, &service](this auto, Call& call, [[maybe_unused]] Services& services) -> Task<Response> {
    if constexpr (detail::is_raw<Request>) {
      static_assert(takes_request, "a handler of raw bytes takes them");
      Request request;
      co_await read_raw(call, detail::field_names(&request), request.body, request.headers);
      if constexpr (takes_caller)
        co_return detail::respond(co_await std::invoke(handler, service, std::move(call.caller), std::move(request)),
                                  call);
      else
        co_return detail::respond(co_await std::invoke(handler, service, std::move(request)), call);
    } else if constexpr (std::derived_from<Request, Streamed>) {
      static_assert(takes_request, "a handler of a streamed body takes it");
      auto request = detail::read_request<Request>(call, open_body(call));
      request.body = call.request.body;
      request.headers = &call.request.headers;
      if constexpr (takes_caller)
        co_return detail::respond(co_await std::invoke(handler, service, std::move(call.caller), std::move(request)),
                                  call);
      else
        co_return detail::respond(co_await std::invoke(handler, service, std::move(request)), call);
    } else if constexpr (takes_request) {
      std::optional<Input> input =
          co_await read_input(call, services, detail::upload_names<Request>(), detail::needs_upload<Request>());
      std::optional<Request> request;
      std::exception_ptr fault;
      try {
        request = detail::read_request<Request>(call, *input);
      } catch (...) {
        fault = std::current_exception();
      }
      // Whoever has gone by now never reaches the handler, which would take them.
      const auto gone = co_await asio::this_coro::cancellation_state;
      if (!fault && !input->uploads.empty() && gone.cancelled() != asio::cancellation_type::none)
        fault = std::make_exception_ptr(boost::system::system_error(asio::error::operation_aborted));
      if (fault) {
        co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
        for (const auto& part : input->uploads) co_await services.uploads.discard(part.upload.key);
        std::rethrow_exception(fault);
      }
      hand_over(*input);
      input.reset();
      if constexpr (takes_caller) {
        co_return detail::respond(co_await std::invoke(handler, service, std::move(call.caller), std::move(*request)),
                                  call);
      } else {
        co_return detail::respond(co_await std::invoke(handler, service, std::move(*request)), call);
      }
    } else if constexpr (takes_caller) {
      co_return detail::respond(co_await std::invoke(handler, service, std::move(call.caller)), call);
    } else {
      co_return detail::respond(co_await std::invoke(handler, service), call);
    }
  };
  api.add(std::move(route));
}

}  // namespace odeon::http
