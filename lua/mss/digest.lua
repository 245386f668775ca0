-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- FNV-1a, 64 bits (RFC 9923), in arithmetic that every Lua computes alike.
-- Lua 5.2 has no integers and its doubles hold 53 bits, so the hash is kept as two 32-bit halves.
local digest = {}

local TWO_32 = 4294967296
local OFFSET_BASIS_HIGH, OFFSET_BASIS_LOW = 0xcbf29ce4, 0x84222325
-- The prime is 2^40 + 435: 2^40 moves the low half up by 8 bits, 435 multiplies both halves.
local PRIME_LOW, PRIME_SHIFT = 435, 256

-- Exclusive or of two numbers below 16; there is no operator for it that 5.2 and 5.4 share.
local XOR = {}
for a = 0, 15 do
  XOR[a] = {}
  for b = 0, 15 do
    local result = 0
    for _, bit_value in ipairs({ 1, 2, 4, 8 }) do
      if math.floor(a / bit_value) % 2 ~= math.floor(b / bit_value) % 2 then
        result = result + bit_value
      end
    end
    XOR[a][b] = result
  end
end

--- The hash of a string of bytes, as 16 lower-case hexadecimal digits.
function digest.fnv1a64(bytes)
  local high, low = OFFSET_BASIS_HIGH, OFFSET_BASIS_LOW
  for i = 1, #bytes do
    local byte = bytes:byte(i)
    local byte_low, low_low = byte % 16, low % 16
    local low_high = (low % 256 - low_low) / 16
    low = low - low % 256 + 16 * XOR[low_high][(byte - byte_low) / 16] + XOR[low_low][byte_low]
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
