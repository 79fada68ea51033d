-- wrk -s callers.lua ADDRESS TOKENS: each request brings the next of these access tokens, a line each in the
-- file TOKENS; "none": nobody's.
local requests, last = {}, 0

function init(arguments)
  if arguments[1] == "none" then
    requests[1] = wrk.format("GET")
    return
  end
  for token in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", nil, {Authorization = "Bearer " .. token, Host = wrk.headers["Host"]})
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
