-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local streams = require("mss.streams")

local CLIENT, SERVER = 14, 15

local function each_direction_has_an_opposite(check)
  check.same("opposite", { SERVER, CLIENT }, { streams.opposite(CLIENT), streams.opposite(SERVER) })
end

local function the_receiver_sets_the_limit(check)
  local seen = streams.new()
  check.same("nothing announced", nil, seen:limit_before(SERVER, 9))
  seen:learn_syn(CLIENT, 1, 100, 1460)
  seen:learn_syn(SERVER, 2, 900, 1380)
  check.same("the client's MSS limits the server's data", 1460, seen:limit_before(SERVER, 9))
  check.same("the server's MSS limits the client's data", 1380, seen:limit_before(CLIENT, 9))
  check.same("no limit before it was announced", nil, seen:limit_before(CLIENT, 2))
end

local function a_repeated_syn_may_differ(check)
  local seen = streams.new()
  seen:learn_syn(CLIENT, 1, 100, 1460)
  seen:learn_syn(CLIENT, 4, 100, 1460)
  seen:learn_syn(CLIENT, 8, 100, 1380)
  seen:learn_syn(CLIENT, 12, 100, streams.ABSENT)
  local limits = {}
  for frame = 1, 13 do limits[frame] = seen:limit_before(SERVER, frame) or 0 end
  check.same("each frame has the limit of its time",
    { 0, 1460, 1460, 1460, 1460, 1460, 1460, 1460, 1380, 1380, 1380, 1380, 0 }, limits)
end

local function a_frame_counts_once(check)
  local seen = streams.new()
  seen:learn_syn(CLIENT, 1, 100, 1460)
  seen:learn_syn(CLIENT, 5, 100, 1380)
  seen:learn_syn(CLIENT, 1, 100, 1460)
  check.same("an earlier SYN, dissected again", 1380, seen:limit_before(SERVER, 9))

  check.same("a later segment", false, seen:is_first_data(CLIENT, 6, 300, 10, false))
  check.same("the first segment", true, seen:is_first_data(CLIENT, 7, 101, 10, false))
  check.same("the same frame again", false, seen:is_first_data(CLIENT, 7, 101, 10, false))
  check.same("an earlier frame", false, seen:is_first_data(CLIENT, 6, 101, 10, false))
  check.same("a SYN with data is both", true, (function()
    local fresh = streams.new()
    fresh:learn_syn(CLIENT, 1, 100, 1460)
    return fresh:is_first_data(CLIENT, 1, 100, 10, true)
  end)())
end

local function an_isn_alone_is_learnt_once(check)
  local seen = streams.new()
  check.same("the first dissection", true, seen:learn_isn(CLIENT, 4, 100))
  check.same("the same frame again", false, seen:learn_isn(CLIENT, 4, 200))
  check.same("the data after the ISN", true, seen:is_first_data(CLIENT, 5, 101, 10, false))
  check.same("an ISN sets no limit", nil, seen:limit_before(SERVER, 9))
end

local function the_first_byte_gets_the_digest(check)
  local seen = streams.new()
  local frame = 1
  local function is_first(direction, ...)
    frame = frame + 1
    return seen:is_first_data(direction, frame, ...)
  end
  seen:learn_syn(CLIENT, 1, 4294967295, 1460)
  check.same("after the ISN, with wrap-around", true, is_first(CLIENT, 0, 300, false))
  check.same("a later segment arrives first", false, is_first(CLIENT, 1380, 300, false))
  check.same("a keep-alive", false, is_first(CLIENT, 4294967295, 1, false))
  check.same("data in the SYN", true, is_first(CLIENT, 4294967295, 300, true))
  check.same("no SYN in the capture", true, is_first(SERVER, 5, 300, false))
  check.same("no SYN, and possibly a keep-alive", false, is_first(SERVER, 5, 1, false))

  check.same("not yet known", true, seen:may_have_digest(CLIENT, 30))
  seen:learn_digest(CLIENT, 30, "00ff")
  check.same("the digest is on its frame", "00ff", seen:digest_on(CLIENT, 30))
  check.same("its frame may be dissected again", true, seen:may_have_digest(CLIENT, 30))
  check.same("the digest is on no other frame", { false },
    { seen:may_have_digest(CLIENT, 31), seen:digest_on(CLIENT, 31) })
  check.same("a direction has only one digest", false, is_first(CLIENT, 0, 300, false))
end

return function(check)
  each_direction_has_an_opposite(check)
  the_receiver_sets_the_limit(check)
  a_repeated_syn_may_differ(check)
  a_frame_counts_once(check)
  an_isn_alone_is_learnt_once(check)
  the_first_byte_gets_the_digest(check)
end
