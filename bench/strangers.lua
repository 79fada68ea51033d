-- wrk -s strangers.lua ADDRESS: each request comes from another of 250 addresses, as a proxy would tell of them.
local requests, last = {}, 0

function init()
  for i = 1, 250 do
    wrk.headers["X-Forwarded-For"] = "198.51.100." .. i
    requests[i] = wrk.format("GET")
  end
end

function request()
  last = last % #requests + 1
  return requests[last]
end
