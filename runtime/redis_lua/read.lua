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
  local waiting = members(MAIL, address, limit + 1)
  local more = #waiting > limit and 1 or 0
  if more == 1 then table.remove(waiting) end
  for place, text in ipairs(waiting) do waiting[place] = tonumber(text) end
  local packed = call('HGET', OWING, address)
  local effects = packed and cmsgpack.unpack(packed) or {}
  local actor = call('HMGET', ACTORS, address, address .. '\0')
  return {actor[1] or '', actor[2] or '', waiting, fetch(INTAKE, waiting), effects, fetch(OWED, effects), more}
end

function apply.backlog()
  local busy, addresses = {}, call('HKEYS', OWING)
  for _, address in ipairs(addresses) do busy[address] = true end
  for _, text in ipairs(call('ZRANGE', MAIL, 0, -1)) do
    local address = string.match(text, '^[^%z]*')
    if not busy[address] then
      busy[address] = true
      table.insert(addresses, address)
    end
  end
  return addresses
end

function apply.count()
  local oldest = math.huge
  for _, envelope in ipairs(call('HVALS', INTAKE)) do oldest = math.min(oldest, (traced(envelope))) end
  local told = 0
  for _, day in ipairs(call('SMEMBERS', TOLD)) do told = told + call('HLEN', TOLD .. ':' .. day) end
  local figures = {call('HLEN', ACTORS) / 2, call('HLEN', INTAKE), call('HLEN', OWED), call('ZCARD', DIED), told}
  return {figures, oldest < math.huge and oldest or 0, call('HGETALL', STATES)}
end

function apply.letters(limit)
  local ids = limit > 0 and call('ZREVRANGE', DIED, 0, limit - 1) or {}
  local places = {}
  for place, id in ipairs(ids) do places[place] = call('ZSCORE', DIED, id) end
  return {places, fetch(DEAD, ids)}
end

function apply.payments(address)
  local ids = {}
  for place, text in ipairs(members(PAYING, address, -1)) do ids[place] = string.sub(text, 17) end
  return fetch(PAYMENTS, ids)
end

function apply.deliveries(ids)
  local found = {}
  local days = call('SMEMBERS', TOLD)
  for place, id in ipairs(ids) do
    found[place] = ''
    for _, day in ipairs(days) do
      local value = call('HGET', TOLD .. ':' .. day, id)
      if value then found[place] = value end
    end
  end
  return found
end

function apply.history(address)
  local found = {}
  for _, day in ipairs(call('SMEMBERS', SEEN)) do
    local bucket = call('HGETALL', SEEN .. ':' .. day)
    for place = 1, #bucket, 2 do
      local sequence, version, of = string.match(bucket[place + 1], '^(%d+) (%d+) (.*)$')
      if of == address then
        table.insert(found, {bucket[place], tonumber(sequence), tonumber(version)})
      end
    end
  end
  return found
end

local answers = {}
for place, operation in ipairs(operations) do
  answers[place] = apply[operation[1]](unpack(operation, 2))
end
return {count, answers}
