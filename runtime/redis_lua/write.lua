-- What each writing operation does. Conditions are read before anything is written: a refused operation leaves no trace.
local DONE, FENCED, STALE, APPLIED = 0, 1, 2, 3
local KEPT = 10 * DAY -- ids are asked for during 8 days; buckets go by themselves if nobody forgets them

-- Numbers rise with every write of a partition, and in a batch over all of them: `floor` is above every number known.
local function number(floor)
  count = math.max(count + 1, floor)
  return count
end

local days = {}
local function days_of(kind)
  if not days[kind] then
    days[kind] = call('SMEMBERS', kind)
  end
  return days[kind]
end

-- Into the bucket of a day, which is made when it is the first of its day.
local function put(kind, day, id, value)
  local bucket = kind .. ':' .. day
  call('HSET', bucket, id, value)
  for _, known in ipairs(days_of(kind)) do
    if known == day then return end
  end
  call('SADD', kind, day)
  call('EXPIREAT', bucket, math.max(day * DAY, call('TIME')[1] + 0) + KEPT)
  table.insert(days[kind], day)
end

-- The bucket's day an id lies in, and its value.
local function find(kind, id)
  for _, day in ipairs(days_of(kind)) do
    local value = call('HGET', kind .. ':' .. day, id)
    if value then return day, value end
  end
end

local lists = {}
local function owing(address)
  if not lists[address] then
    local packed = call('HGET', OWING, address)
    lists[address] = packed and cmsgpack.unpack(packed) or {}
  end
  return lists[address]
end

local function owe(address, effect, value)
  if call('HSET', OWED, effect, value) == 1 then
    table.insert(owing(address), effect)
  end
end

local function owe_no_more(effect)
  local owed = call('HGET', OWED, effect)
  if not owed then return end
  call('HDEL', OWED, effect)
  local effects = owing(label(owed))
  for place, known in ipairs(effects) do
    if known == effect then
      table.remove(effects, place)
      break
    end
  end
end

local function write_lists()
  for address, effects in pairs(lists) do
    if #effects == 0 then
      call('HDEL', OWING, address)
    else
      call('HSET', OWING, address, cmsgpack.pack(effects))
    end
  end
end

-- A payment keeps the place it was first written at, whatever state it is in.
local function pay(floor, id, address, state, value)
  local known = call('HGET', PAYMENTS, id)
  local place
  if known then
    local before = STATES .. ':' .. label(known)
    place = call('ZSCORE', before, id)
    call('ZREM', before, id)
  else
    place = number(floor)
    call('ZADD', PAYING, 0, member(address, place) .. id)
  end
  call('HSET', PAYMENTS, id, value)
  call('SADD', STATES, state)
  call('ZADD', STATES .. ':' .. state, place, id)
end

local function note(floor, entries)
  for _, entry in ipairs(entries) do
    local id, address, value = entry[1], entry[2], blob(entry[3])
    if call('HSETNX', AUDIT, id, value) == 1 then
      local place = number(floor)
      call('ZADD', NOTED, place, id)
      call('ZADD', TRAIL, 0, member(address, place) .. id)
    end
  end
end

local function keep(floor, id, value)
  if call('HSETNX', DEAD, id, value) == 1 then
    call('ZADD', DIED, number(floor), id)
  end
end

-- Of two reports on one message the higher rank stands; the effect that sent it, once known, is kept.
local function tell(id, day, new)
  local known_day, known = find(TOLD, id)
  if known then
    local old = cmsgpack.unpack(known)
    local ours = old.ours or new.ours
    if new.rank > old.rank then
      if known_day ~= day then call('HDEL', TOLD .. ':' .. known_day, id) end
    else
      new, day = old, known_day
    end
    new.ours = ours
  end
  put(TOLD, day, id, cmsgpack.pack(new))
end

local apply = {}

function apply.claim(floor, owner)
  number(floor)
  epoch = math.max(epoch, 0) + 1
  call('HSET', OWN, 'epoch', epoch, 'owner', owner)
  return epoch
end

function apply.accept(entries)
  local sequences = {}
  for place, entry in ipairs(entries) do
    local floor, id, address, day, index = unpack(entry)
    local sequence = 0
    if not find(SEEN, id) then
      sequence = number(floor)
      call('ZADD', MAIL, 0, member(address, sequence))
      call('HSET', INTAKE, sequence, blob(index))
      put(SEEN, day, id, sequence .. ' 0 ' .. address)
    end
    sequences[place] = sequence
  end
  return sequences
end

local function consume(sequence, version, address)
  local at, id = traced(call('HGET', INTAKE, sequence))
  call('HDEL', INTAKE, sequence)
  put(SEEN, string.format('%d', at / DAY / 1e6), id, sequence .. ' ' .. version .. ' ' .. address)
end

function apply.commit(by, floor, address, version, applied, body, settles, owes, payments, dead, audit)
  if by ~= epoch then return FENCED end
  local head = call('HGET', ACTORS, address)
  local stored, last = 0, 0
  if head then
    stored, last = string.match(head, '^(%d+) (%d+)$')
  end
  if version ~= stored + 1 then return STALE end
  if applied > 0 then
    local mine = member(address, applied)
    local first = call('ZRANGEBYLEX', MAIL, '[' .. address .. '\0', '(' .. address .. '\1', 'LIMIT', 0, 1)[1]
    if first ~= mine then return call('ZSCORE', MAIL, mine) and STALE or APPLIED end
    call('ZREM', MAIL, mine)
    consume(applied, version, address)
    last = applied
  end
  number(floor)
  call('HSET', ACTORS, address, version .. ' ' .. last, address .. '\0', blob(body))
  for _, effect in ipairs(settles) do owe_no_more(effect) end
  for _, owed in ipairs(owes) do owe(address, owed[1], blob(owed[2])) end
  for _, payment in ipairs(payments) do pay(floor, payment[1], payment[2], payment[3], blob(payment[4])) end
  note(floor, audit)
  if dead then keep(floor, dead[1], blob(dead[2])) end
  return DONE
end

function apply.settle(by, floor, effect, dead)
  if by ~= epoch then return FENCED end
  number(floor)
  owe_no_more(effect)
  if dead then keep(floor, dead[1], blob(dead[2])) end
  return DONE
end

function apply.resolve(floor, expects, id, address, state, value, audit)
  local known = call('HGET', PAYMENTS, id)
  if not known or label(known) ~= expects then return STALE end
  number(floor)
  pay(floor, id, address, state, blob(value))
  note(floor, audit)
  return DONE
end

function apply.record(by, ...)
  if by ~= epoch then return FENCED end
  return apply.resolve(...)
end

function apply.quarantine(floor, id, value)
  keep(floor, id, blob(value))
  return DONE
end

function apply.discard(floor, id)
  number(floor)
  call('ZREM', DIED, id)
  return call('HDEL', DEAD, id)
end

function apply.report(floor, reports)
  number(floor)
  for _, report in ipairs(reports) do tell(report[1], report[2], report[3]) end
  return DONE
end

local told = {}
for at, part in ipairs(parts) do
  local answers = {}
  days, lists = {}, {}
  for place, operation in ipairs(enter(at, part)) do
    answers[place] = apply[operation[1]](unpack(operation, 2))
  end
  write_lists()
  if count > part.count then call('HSET', OWN, 'count', count) end
  told[at] = {count, answers}
end
return told
