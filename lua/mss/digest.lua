-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- FNV-1a, 64 bits (RFC 9923), in the arithmetic that is fastest in each Lua version.
local digest = {}

-- 5.4 has 64-bit integers that wrap around; in a string, because 5.2 cannot parse their operators.
local IN_INTEGERS = [[
  local bytes = ...
  local hash = 0xcbf29ce484222325
  for i = 1, #bytes do hash = (hash ~ bytes:byte(i)) * 0x100000001b3 end
  return string.format("%016x", hash)
]]

local TWO_32 = 4294967296
local OFFSET_BASIS_HIGH, OFFSET_BASIS_LOW = 0xcbf29ce4, 0x84222325
-- The prime is 2^40 + 435: 2^40 moves the low half up by 8 bits, 435 multiplies both halves.
local PRIME_LOW, PRIME_SHIFT = 435, 256

-- 5.1 and 5.2 have no integers, and their doubles hold 53 bits, so the hash is kept as two 32-bit halves.
-- 5.2 has bit32; for 5.1, Wireshark provides bit instead, whose results are signed.
local function in_halves(bytes)
  local exclusive_or = (bit32 or bit).bxor
  local high, low = OFFSET_BASIS_HIGH, OFFSET_BASIS_LOW
  local values = { bytes:byte(1, -1) }
  for i = 1, #values do
    low = exclusive_or(low, values[i]) % TWO_32
    local product = low * PRIME_LOW
    local product_low = product % TWO_32
    high = (high * PRIME_LOW + (product - product_low) / TWO_32 + low * PRIME_SHIFT) % TWO_32
    low = product_low
  end
  -- In parts of 16 bits, because %x of more than 31 bits differs where a C long has 32 bits.
  return string.format("%04x%04x%04x%04x", math.floor(high / 65536), high % 65536,
    math.floor(low / 65536), low % 65536)
end

--- The hash of a string of up to some thousand bytes, as 16 lower-case hexadecimal digits.
digest.fnv1a64 = (loadstring or load)(IN_INTEGERS) or in_halves

return digest
