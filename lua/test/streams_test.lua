-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

local streams = require("mss.streams")

local CLIENT, SERVER = streams.direction(7, true), streams.direction(7, false)

local function frames_are_learnt_once(check)
  local seen = streams.new()
  check.same("new", true, seen:is_first_sight(1))
  check.same("the same again", false, seen:is_first_sight(1))
  check.same("a later one", true, seen:is_first_sight(5))
  check.same("an earlier one, clicked on", false, seen:is_first_sight(3))
end

local function each_direction_has_a_number(check)
  check.same("opposite", { SERVER, CLIENT }, { streams.opposite(CLIENT), streams.opposite(SERVER) })
  check.same("streams do not mix", true, streams.direction(8, true) ~= SERVER)
end

local function the_receiver_sets_the_limit(check)
  local seen = streams.new()
  check.same("nothing announced", nil, seen:limit_before(SERVER, 9))
  seen:learn_syn(CLIENT, 1, 100, 1460)
  seen:learn_syn(SERVER, 2, 900, 1380)
  check.same("for the server's data", 1460, seen:limit_before(SERVER, 9))
  check.same("for the client's data", 1380, seen:limit_before(CLIENT, 9))
  check.same("not before it was announced", nil, seen:limit_before(CLIENT, 2))
end

local function a_repeated_syn_may_differ(check)
  local seen = streams.new()
  seen:learn_syn(CLIENT, 1, 100, 1460)
  seen:learn_syn(CLIENT, 4, 100, 1460)
  seen:learn_syn(CLIENT, 8, 100, 1380)
  seen:learn_syn(CLIENT, 12, 100, streams.ABSENT)
  local limits = {}
  for frame = 1, 13 do limits[frame] = seen:limit_before(SERVER, frame) or 0 end
  check.same("each frame as it was then",
    { 0, 1460, 1460, 1460, 1460, 1460, 1460, 1460, 1380, 1380, 1380, 1380, 0 }, limits)
end

local function the_first_byte_gets_the_digest(check)
  local seen = streams.new()
  seen:learn_syn(CLIENT, 1, 4294967295, 1460)
  check.same("behind the ISN, around the end of the space", true,
    seen:is_first_data(CLIENT, 0, 300, false))
  check.same("a later segment came first", false, seen:is_first_data(CLIENT, 1380, 300, false))
  check.same("a keep-alive", false, seen:is_first_data(CLIENT, 4294967295, 1, false))
  check.same("data in the SYN", true, seen:is_first_data(CLIENT, 4294967295, 300, true))
  check.same("no SYN in the capture", true, seen:is_first_data(SERVER, 5, 300, false))
  check.same("no SYN, and perhaps a keep-alive", false, seen:is_first_data(SERVER, 5, 1, false))

  check.same("still to come", true, seen:may_have_digest(CLIENT, 3))
  seen:learn_digest(CLIENT, 3, "00ff")
  check.same("on its frame", "00ff", seen:digest_on(CLIENT, 3))
  check.same("its frame is asked again", true, seen:may_have_digest(CLIENT, 3))
  check.same("on no other", { false }, { seen:may_have_digest(CLIENT, 4), seen:digest_on(CLIENT, 4) })
end

return function(check)
  frames_are_learnt_once(check)
  each_direction_has_a_number(check)
  the_receiver_sets_the_limit(check)
  a_repeated_syn_may_differ(check)
  the_first_byte_gets_the_digest(check)
end
