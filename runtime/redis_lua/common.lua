-- Every script of a batch begins like this. KEYS are one partition's, in the order of runtime/redis_layout.py.
-- ARGV[1] is packed {born, least, operations}; whatever is bytes follows, and an operation names it by its index.
--
-- The data set must be the one this store was opened on (`born`) and at least as new as what it has seen of it
-- (`least`). A flushed, restored or failed-over Redis that lost writes is told by the answer nil, and touched no more.
local OWN, ACTORS, MAIL, INTAKE, SEEN, OWED, OWING, PAYMENTS, PAYING, STATES, DEAD, DIED, TOLD = unpack(KEYS)
local DAY = 86400 -- seconds
local call = redis.call
local born, least, operations = unpack(cmsgpack.unpack(ARGV[1]))

local own = call('HMGET', OWN, 'born', 'count', 'epoch')
local count, epoch = tonumber(own[2] or 0), tonumber(own[3] or -1)
if own[1] ~= born or count < least then
  return false
end

-- A value that carries what scripts must know of it: `<length>:<label><the rest>`.
local function label(value)
  local length, text = string.match(value, '^(%d+):()')
  return string.sub(value, text, text + length - 1)
end

-- A waiting envelope's label is the microsecond it was accepted in, and its id.
local function traced(envelope)
  local text = label(envelope)
  local space = string.find(text, ' ', 1, true)
  return tonumber(string.sub(text, 1, space - 1)), string.sub(text, space + 1)
end

-- Members of a sorted set without scores, found by actor and in order.
local function member(address, number)
  return address .. '\0' .. string.format('%016d', number)
end
