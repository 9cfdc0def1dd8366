-- Opens a partition: gives it a name if it has none (ARGV[1]), and this layout (ARGV[2]). Answer: layout, name, count.
local OWN = KEYS[1]
local layout = redis.call('HGET', OWN, 'layout') or ARGV[2]
if tonumber(layout) <= tonumber(ARGV[2]) then
  redis.call('HSETNX', OWN, 'born', ARGV[1])
  redis.call('HSETNX', OWN, 'layout', layout)
end
return {tonumber(layout), redis.call('HGET', OWN, 'born'), tonumber(redis.call('HGET', OWN, 'count') or 0)}
