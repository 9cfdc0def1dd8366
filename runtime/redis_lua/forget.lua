-- Drops whole days: ids that were applied, and deliveries. What still waits stays, and its bucket with it.
local function waiting(day, bucket)
  local kept = {}
  for _, envelope in ipairs(call('HVALS', key.intake)) do
    local at, id = traced(envelope)
    local value = math.floor(at / DAY / 1e6) == tonumber(day) and call('HGET', bucket, id)
    if value then table.insert(kept, {id, value}) end
  end
  return kept
end

local function forget(kind, before)
  local gone = 0
  for _, day in ipairs(call('SMEMBERS', kind)) do
    if tonumber(day) < before then
      local bucket = kind .. ':' .. day
      local rows = call('HLEN', bucket)
      local kept = kind == key.seen and waiting(day, bucket) or {}
      if #kept == 0 then call('SREM', kind, day) end
      if #kept < rows then
        call('UNLINK', bucket)
        for _, pair in ipairs(kept) do call('HSET', bucket, pair[1], pair[2]) end
      end
      gone = gone + rows - #kept
    end
  end
  return gone
end

local told = {}
for at, part in ipairs(parts) do
  local answers = {}
  for place, operation in ipairs(enter(at, part)) do
    local before = operation[1]
    answers[place] = forget(key.seen, before) + forget(key.told, before)
  end
  told[at] = {count, answers}
end
return told
