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

-- Of the actors asked about; changed ones are kept at the end, since later operations of a batch go on from them.
local heads, owing, bodies, changed = {}, {}, {}, {}
local function head(address)
  local known = heads[address]
  if not known then
    known = head_of(address)
    heads[address], owing[address] = known, #known
  end
  return known
end

local function place_of(effect, known)
  for place = 3, #known, 2 do
    if known[place] == effect then return place end
  end
end

local function owe(known, effect, value)
  local place = place_of(effect, known) or #known + 1
  known[place], known[place + 1] = effect, value
end

local function owe_no_more(known, effect)
  local place = place_of(effect, known)
  if place then
    table.remove(known, place)
    table.remove(known, place)
  end
  return place
end

local function keep_heads()
  for address in pairs(changed) do
    local known, body = heads[address], bodies[address]
    if body then
      call('HSET', key.actors, address, cmsgpack.pack(known), address .. '\0', body)
    else
      call('HSET', key.actors, address, cmsgpack.pack(known))
    end
    if #known == 2 and owing[address] > 2 then
      call('HDEL', key.owing, address)
    elseif #known ~= owing[address] then
      call('HSET', key.owing, address, (#known - 2) / 2)
    end
  end
end

-- A payment keeps the place it was first written at, whatever state it is in.
local function pay(floor, id, address, state, value)
  local known = call('HGET', key.payments, id)
  local place
  if known then
    local before = key.states .. ':' .. label(known)
    place = call('ZSCORE', before, id)
    call('ZREM', before, id)
  else
    place = number(floor)
    call('ZADD', key.paying, 0, member(address, place) .. id)
  end
  call('HSET', key.payments, id, value)
  call('SADD', key.states, state)
  call('ZADD', key.states .. ':' .. state, place, id)
end

local function note(floor, entries)
  for _, entry in ipairs(entries) do
    local id, address, value = entry[1], entry[2], blob(entry[3])
    if call('HSETNX', key.audit, id, value) == 1 then
      local place = number(floor)
      call('ZADD', key.noted, place, id)
      call('ZADD', key.trail, 0, member(address, place) .. id)
    end
  end
end

local function keep(floor, id, value)
  if call('HSETNX', key.dead, id, value) == 1 then
    call('ZADD', key.died, number(floor), id)
  end
end

-- Of two reports on one message the higher rank stands; the effect that sent it, once known, is kept, and so is its
-- body until the message has arrived.
local ARRIVED = 2

local function tell(id, day, new)
  local known_day, known = find(key.told, id)
  if known then
    local old = cmsgpack.unpack(known)
    local ours, body = old.ours or new.ours, old.body or new.body
    if new.rank > old.rank then
      if known_day ~= day then call('HDEL', key.told .. ':' .. known_day, id) end
    else
      new, day = old, known_day
    end
    new.ours, new.body = ours, new.rank < ARRIVED and body or nil
  end
  put(key.told, day, id, cmsgpack.pack(new))
end

local apply = {}

function apply.claim(floor, owner)
  number(floor)
  epoch = math.max(epoch, 0) + 1
  call('HSET', key.own, 'epoch', epoch, 'owner', owner)
  return epoch
end

function apply.accept(entries)
  local sequences = {}
  for place, entry in ipairs(entries) do
    local floor, id, address, day, index = unpack(entry)
    local sequence = 0
    if not find(key.seen, id) then
      sequence = number(floor)
      call('ZADD', key.mail, 0, member(address, sequence))
      call('HSET', key.intake, sequence, blob(index))
      put(key.seen, day, id, sequence .. ' 0 ' .. address)
    end
    sequences[place] = sequence
  end
  return sequences
end

local function consume(sequence, version, address)
  local at, id = traced(call('HGET', key.intake, sequence))
  call('HDEL', key.intake, sequence)
  put(key.seen, string.format('%d', at / DAY / 1e6), id, sequence .. ' ' .. version .. ' ' .. address)
end

-- `at` is false for a timer that is to be there no more.
local function set_timers(address, timers)
  for _, timer in ipairs(timers) do
    local name, at = address .. '\0' .. timer[1], timer[2]
    if at then call('ZADD', key.timers, string.format('%d', at), name) else call('ZREM', key.timers, name) end
  end
end

local function is_set(address, due)
  local at = call('ZSCORE', key.timers, address .. '\0' .. due[1])
  return at and tonumber(at) == due[2]
end

function apply.commit(by, floor, address, version, applied, body, settles, owes, due, seldom)
  if by ~= epoch then return FENCED end
  local known = head(address)
  if version ~= known[1] + 1 then return STALE end
  if due and not is_set(address, due) then return APPLIED end
  if applied > 0 then
    local mine = member(address, applied)
    local first = call('ZRANGEBYLEX', key.mail, '[' .. address .. '\0', '(' .. address .. '\1', 'LIMIT', 0, 1)[1]
    if first ~= mine then return call('ZSCORE', key.mail, mine) and STALE or APPLIED end
    call('ZREM', key.mail, mine)
    consume(applied, version, address)
    known[2] = applied
  end
  number(floor)
  known[1], bodies[address], changed[address] = version, blob(body), true
  for _, effect in ipairs(settles) do owe_no_more(known, effect) end
  for _, owed in ipairs(owes) do owe(known, owed[1], blob(owed[2])) end
  if due then set_timers(address, {{due[1], false}}) end
  if seldom then
    local payments, dead, audit, timers = unpack(seldom)
    for _, payment in ipairs(payments) do pay(floor, payment[1], payment[2], payment[3], blob(payment[4])) end
    note(floor, audit)
    if dead then keep(floor, dead[1], blob(dead[2])) end
    set_timers(address, timers)
  end
  return DONE
end

function apply.settle(by, floor, address, effect, dead)
  if by ~= epoch then return FENCED end
  number(floor)
  if owe_no_more(head(address), effect) then changed[address] = true end
  if dead then keep(floor, dead[1], blob(dead[2])) end
  return DONE
end

function apply.resolve(floor, expects, id, address, state, value, audit)
  local known = call('HGET', key.payments, id)
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
  call('ZREM', key.died, id)
  return call('HDEL', key.dead, id)
end

function apply.report(floor, reports)
  number(floor)
  for _, report in ipairs(reports) do tell(report[1], report[2], report[3]) end
  return DONE
end

local told = {}
for at, part in ipairs(parts) do
  local answers = {}
  days, changed = {}, {}
  for place, operation in ipairs(enter(at, part)) do
    answers[place] = apply[operation[1]](unpack(operation, 2))
  end
  keep_heads()
  if count > part.count then call('HSET', key.own, 'count', count) end
  told[at] = {count, answers}
end
return told
