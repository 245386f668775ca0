-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- FNV-1a, 64 bits (RFC 9923), in arithmetic that every Lua computes alike.
-- Lua 5.2 has no integers and its doubles hold 53 bits, so the hash is kept as two 32-bit halves.
local digest = {}

local TWO_32 = 4294967296
local OFFSET_BASIS_HIGH, OFFSET_BASIS_LOW = 0xcbf29ce4, 0x84222325
-- The prime is 2^40 + 435: 2^40 moves the low half up by 8 bits, 435 multiplies both halves.
local PRIME_LOW, PRIME_SHIFT = 435, 256

-- Exclusive or of two numbers below 16, at 16 times the one plus the other; there is no operator for
-- it that 5.2 and 5.4 share. A table for whole bytes costs more than it saves: it fills the cache.
local XOR = {}
for a = 0, 15 do
  for b = 0, 15 do
    local result = 0
    for _, bit_value in ipairs({ 1, 2, 4, 8 }) do
      if math.floor(a / bit_value) % 2 ~= math.floor(b / bit_value) % 2 then
        result = result + bit_value
      end
    end
    XOR[16 * a + b] = result
  end
end

--- The hash of a string of up to some thousand bytes, as 16 lower-case hexadecimal digits.
function digest.fnv1a64(bytes)
  local high, low = OFFSET_BASIS_HIGH, OFFSET_BASIS_LOW
  local values = { bytes:byte(1, -1) }
  for i = 1, #values do
    local value, low_byte = values[i], low % 256
    local value_low, low_low = value % 16, low_byte % 16
    low = low - low_byte + 16 * XOR[low_byte - low_low + (value - value_low) / 16]
      + XOR[16 * low_low + value_low]
    local product = low * PRIME_LOW
    local product_low = product % TWO_32
    high = (high * PRIME_LOW + (product - product_low) / TWO_32 + low * PRIME_SHIFT) % TWO_32
    low = product_low
  end
  -- In two parts of 16 bits, since %x of more than 31 bits differs where a C long has 32.
  return string.format("%04x%04x%04x%04x", math.floor(high / 65536), high % 65536,
    math.floor(low / 65536), low % 65536)
end

return digest
