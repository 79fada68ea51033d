-- wrk -s questions.lua ADDRESS KEYS [HEADER VALUE]...: chat completions, each with the next of these API keys, a line
-- each in the file KEYS.
local requests, last = {}, 0
local body = '{"model":"gpt-4o-mini","max_tokens":100,"messages":[{"role":"user","content":"Good morning, who are you?"}]}'

function init(arguments)
  local headers = {["Content-Type"] = "application/json", Host = wrk.headers["Host"]}
  for i = 2, #arguments, 2 do headers[arguments[i]] = arguments[i + 1] end
  for key in io.lines(arguments[1]) do
    headers["Authorization"] = "Bearer " .. key
    requests[#requests + 1] = wrk.format("POST", nil, headers, body)
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
