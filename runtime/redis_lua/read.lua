-- What each reading operation finds. Nothing that is missing is left out of an answer, it is '' there.
local function fetch(key, fields)
  local found = {}
  for first = 1, #fields, 500 do -- a Lua stack is not deep
    local last = math.min(first + 499, #fields)
    for _, value in ipairs(call('HMGET', key, unpack(fields, first, last))) do
      table.insert(found, value or '')
    end
  end
  return found
end

-- Members of one actor, without its address: number and whatever follows.
local function members(key, address, limit)
  local from, to = '[' .. address .. '\0', '(' .. address .. '\1'
  local found = call('ZRANGEBYLEX', key, from, to, 'LIMIT', 0, limit)
  for place, text in ipairs(found) do
    found[place] = string.sub(text, #address + 2)
  end
  return found
end

local apply = {}

function apply.load(address, limit)
  local waiting = members(key.mail, address, limit + 1)
  local more = #waiting > limit and 1 or 0
  if more == 1 then table.remove(waiting) end
  for place, text in ipairs(waiting) do waiting[place] = tonumber(text) end
  local head, owed = head_of(address), {}
  for place = 4, #head, 2 do table.insert(owed, head[place]) end
  local body = call('HGET', key.actors, address .. '\0') or ''
  return {head[1], head[2], body, waiting, fetch(key.intake, waiting), owed, more}
end

function apply.backlog()
  local busy, addresses = {}, call('HKEYS', key.owing)
  for _, address in ipairs(addresses) do busy[address] = true end
  for _, text in ipairs(call('ZRANGE', key.mail, 0, -1)) do
    local address = string.match(text, '^[^%z]*')
    if not busy[address] then
      busy[address] = true
      table.insert(addresses, address)
    end
  end
  return addresses
end

function apply.timers(limit)
  local found = limit > 0 and call('ZRANGE', key.timers, 0, limit - 1, 'WITHSCORES') or {}
  local timers = {}
  for at = 1, #found, 2 do
    local address, name = string.match(found[at], '^([^%z]*)%z(.*)$')
    table.insert(timers, {address, name, tonumber(found[at + 1])})
  end
  return timers
end

function apply.count()
  local oldest = math.huge
  for _, envelope in ipairs(call('HVALS', key.intake)) do oldest = math.min(oldest, (traced(envelope))) end
  local told = 0
  for _, day in ipairs(call('SMEMBERS', key.told)) do told = told + call('HLEN', key.told .. ':' .. day) end
  local owed = 0
  for _, effects in ipairs(call('HVALS', key.owing)) do owed = owed + effects end
  local figures = {call('HLEN', key.actors) / 2, call('HLEN', key.intake), owed, call('ZCARD', key.died), told}
  local states = {}
  for place, state in ipairs(call('SMEMBERS', key.states)) do states[place] = {state, call('ZCARD', key.states .. ':' .. state)} end
  return {figures, oldest < math.huge and oldest or 0, states}
end

-- Places and values of what a sorted set tells by its range, the first `limit`.
local function placed(range, order, key, limit)
  local ids, places = {}, {}
  local found = limit > 0 and call(range, order, 0, limit - 1, 'WITHSCORES') or {}
  for at = 1, #found, 2 do
    table.insert(ids, found[at])
    table.insert(places, found[at + 1])
  end
  return {places, fetch(key, ids)}
end

function apply.letters(limit)
  return placed('ZREVRANGE', key.died, key.dead, limit)
end

function apply.payments_in(state, limit)
  return placed('ZRANGE', key.states .. ':' .. state, key.payments, limit)
end

function apply.noted(limit)
  return placed('ZREVRANGE', key.noted, key.audit, limit)
end

function apply.trail(address, limit)
  local from, to = '(' .. address .. '\1', '[' .. address .. '\0'
  local ids = call('ZREVRANGEBYLEX', key.trail, from, to, 'LIMIT', 0, limit)
  for place, text in ipairs(ids) do ids[place] = string.sub(text, #address + 18) end
  return fetch(key.audit, ids)
end

function apply.payments(address)
  local ids = {}
  for place, text in ipairs(members(key.paying, address, -1)) do ids[place] = string.sub(text, 17) end
  return fetch(key.payments, ids)
end

function apply.deliveries(ids)
  local found = {}
  local days = call('SMEMBERS', key.told)
  for place, id in ipairs(ids) do
    found[place] = ''
    for _, day in ipairs(days) do
      local value = call('HGET', key.told .. ':' .. day, id)
      if value then found[place] = value end
    end
  end
  return found
end

function apply.history(address)
  local found = {}
  for _, day in ipairs(call('SMEMBERS', key.seen)) do
    local bucket = call('HGETALL', key.seen .. ':' .. day)
    for place = 1, #bucket, 2 do
      local sequence, version, of = string.match(bucket[place + 1], '^(%d+) (%d+) (.*)$')
      if of == address then
        table.insert(found, {bucket[place], tonumber(sequence), tonumber(version)})
      end
    end
  end
  return found
end

local told = {}
for at, part in ipairs(parts) do
  local answers = {}
  for place, operation in ipairs(enter(at, part)) do
    answers[place] = apply[operation[1]](unpack(operation, 2))
  end
  told[at] = {count, answers}
end
return told
