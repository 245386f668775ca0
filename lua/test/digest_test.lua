-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local digest = require("mss.digest")

return function(check)
  -- Test vectors from the FNV authors' reference code.
  for text, expected in pairs({
    [""] = "cbf29ce484222325", a = "af63dc4c8601ec8c", b = "af63df4c8601f1a5",
    fo = "08985907b541d342", foo = "dcb27518fed9d577", foob = "dd120e790c2512af",
    foobar = "85944171f73967e8", ["chongo was here!\n"] = "46810940eff5f915",
    ["\255\0\0\1"] = "6961196491cc682d",
  }) do
    check.same("FNV-1a of '" .. text .. "'", expected, digest.fnv1a64(text))
  end
  check.same("leading zeros are kept", 16, #digest.fnv1a64("fo"))
  check.same("zeros count", false, digest.fnv1a64("\0") == digest.fnv1a64("\0\0"))
  check.same("the order counts", false, digest.fnv1a64("ab") == digest.fnv1a64("ba"))

  local every_byte = {}
  for byte = 0, 255 do every_byte[#every_byte + 1] = string.char(byte) end
  check.same("every byte value", "4242dc5249c33625", digest.fnv1a64(table.concat(every_byte)))
end
