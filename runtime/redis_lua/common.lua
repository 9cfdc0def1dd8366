-- Every script of a batch begins like this. KEYS are the `own` of the partitions it is about; a partition's others lie
-- beside it, as runtime/redis_layout.py names them. ARGV[1] is packed, for each partition: {born, least, first, operations};
-- whatever is bytes follows, and an operation names it by its index from `first` on.
--
-- The data set must be the one this store was opened on (`born`) and at least as new as what it has seen of it
-- (`least`). A flushed, restored or failed-over Redis that lost writes is told by the answer nil, and touched no more.
local DAY = 86400 -- seconds
local call = redis.call
local parts = cmsgpack.unpack(ARGV[1])
local count, epoch, first

for at, part in ipairs(parts) do
  local own = call('HMGET', KEYS[at], 'born', 'count', 'epoch')
  part.count, part.epoch = tonumber(own[2] or 0), tonumber(own[3] or -1)
  if own[1] ~= part[1] or part.count < part[2] then
    return false
  end
end

-- Names of this partition's keys, made when they are asked for.
local beside
local key = setmetatable({}, {__index = function(known, name)
  known[name] = beside .. name
  return known[name]
end})

-- What follows is about this partition now; its operations.
local function enter(at, part)
  beside = string.sub(KEYS[at], 1, -4)
  for name in pairs(key) do key[name] = beside .. name end
  count, epoch, first = part.count, part.epoch, part[3]
  return part[4]
end

local function blob(index)
  return ARGV[first + index]
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

-- What is kept of an actor beside its snapshot's body: version, applied, and the effects it owes, each with its value.
local function head_of(address)
  local packed = call('HGET', key.actors, address)
  return packed and cmsgpack.unpack(packed) or {0, 0}
end
