-- SPDX-License-Identifier: MIT
-- Copyright (c) 2026 the mssbridge authors

--- The menu Tools, MSS: compares captures with the program mssbridge, lists findings, explains an MSS.
-- Wireshark 3.4 to 4.6; it does nothing in tshark. Nothing here blocks: Wireshark's Lua has no timer, so the
-- program runs in the background and a button checks whether it is done.
if not gui_enabled or not gui_enabled() then return end

local PROGRAM = "@MSSBRIDGE@" -- the path of the launcher, which the installation writes here
if PROGRAM:sub(1, 1) == "@" then PROGRAM = "mssbridge" end
local IS_WINDOWS = package.config:sub(1, 1) == "\\"

local folder = debug.getinfo(1, "S").source:match("^@?(.*[/\\])") or "./"
if not package.path:find(folder .. "?.lua", 1, true) then
  package.path = folder .. "?.lua;" .. package.path
end
-- The post-dissector's modules are beside this file once both are installed.
local has_comment, comment = pcall(require, "mss.comment")
local has_overview, overview = pcall(require, "mss.overview")
local has_knowledge, knowledge = pcall(require, "mss.knowledge")

local frame_comment = Field.new("frame.comment")

-- A text as one word for a shell, whatever characters it holds.
local function quoted(text)
  return "'" .. text:gsub("'", "'\\''") .. "'"
end

-- A text as a file name that no program takes for an option.
local function file_name(text)
  local name = text:match("^%s*(.-)%s*$")
  -- A path copied from a file manager may be in quotes.
  name = name:match("^'(.*)'$") or name:match('^"(.*)"$') or name
  -- A file that is dragged into a field becomes a URL, with some characters as %20 (RFC 8089).
  local url_path = name:match("file://(/.*)$")
  if url_path then
    name = url_path:gsub("%%(%x%x)", function(hex) return string.char(tonumber(hex, 16)) end)
  end
  return name:sub(1, 1) == "-" and "./" .. name or name
end

local function contents(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("*a")
  file:close()
  return text
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

local function show(title, text)
  TextWindow.new(title):set(text)
end

-- Starts the program in the background. Its output goes to files in a new temporary folder, and finally its exit
-- status. Returns that folder, or nil and the reason for the failure.
local function start(arguments)
  if IS_WINDOWS then return nil, "The menu starts mssbridge by a shell, which Windows has not." end
  local made = io.popen('mktemp -d "${TMPDIR:-/tmp}/mssbridge-menu.XXXXXX" 2>&1')
  local work = made:read("*a"):gsub("\n$", "") -- The name may hold line breaks.
  made:close()
  local words = { quoted(PROGRAM) }
  for _, argument in ipairs(arguments(work)) do words[#words + 1] = quoted(argument) end
  local line = string.format(
    "cd / && [ -d %s ] && { ( %s >%s 2>%s; echo $? >%s ) </dev/null >/dev/null 2>&1 & }",
    quoted(work), table.concat(words, " "), quoted(work .. "/report"),
    quoted(work .. "/errors"), quoted(work .. "/status"))
  local status = os.execute(line)
  if status == true or status == 0 then return work end
  return nil, "No temporary folder can be made: " .. work
end

-- A window for a job, with a button that shows its result.
local function follow(title, work, waiting, on_done)
  local window = TextWindow.new(title)
  window:set("mssbridge runs in the background. Press \"Show result\" to see whether it is done.\n\n" .. waiting)
  window:add_button("Show result", function()
    local status = tonumber(contents(work .. "/status") or "")
    if not status then
      window:set(os.date("Not done yet at %H:%M:%S.\n\n") .. waiting)
    elseif status == 0 then
      on_done(window, contents(work .. "/report") or "")
    else
      window:set("mssbridge could not do it (status " .. status .. "):\n\n" .. (contents(work .. "/errors") or ""))
    end
  end)
  return window
end

-- `what` is a point, or "" where only one capture is annotated.
local function open_button(window, label, work, what)
  window:add_button(label, function()
    local path = (contents(work .. "/errors") or ""):match(what .. " annotated: ([^\n]*)")
    if path and exists(path) then
      open_capture_file(path, "")
    else
      window:append("\nThere is no annotated capture" .. (what == "" and "" or " of the " .. what) .. " yet.\n")
    end
  end)
end

local function is_capture(path)
  local file = io.open(path, "rb")
  local magic = file and file:read(4)
  if file then file:close() end
  return magic == "\10\13\13\10" -- pcapng
    or magic == "\212\195\178\161" or magic == "\161\178\195\212" -- pcap, microseconds
    or magic == "\77\60\178\161" or magic == "\161\178\60\77" -- pcap, nanoseconds
    or (magic or ""):sub(1, 2) == "\31\139" -- gzip
end

-- The capture that is open, or nil. Wireshark does not tell a script its name, but it holds the file open, and
-- the system tells which files this process has open.
local function open_capture()
  if IS_WINDOWS then return nil end
  local list = io.popen([[if [ -d /proc/$PPID/fd ]
    then for file in /proc/$PPID/fd/*; do readlink "$file"; done
    else lsof -p $PPID -Fn | sed -n 's/^n//p'
    fi 2>/dev/null]])
  local found
  for path in list:lines() do
    if path:sub(1, 1) == "/" and path:find("%.%w+$") and is_capture(path) then found = path end
  end
  list:close()
  return found
end

-- The file that remembers the folder used last, in Wireshark's configuration folder.
local function memory()
  return Dir.personal_config_path("mssbridge.folder")
end

local function folder_of(path)
  return path and path:sub(1, 1) == "/" and path:match("^(.*/)") or nil
end

-- Forgetting the folder does no harm, so failures are not reported.
local function remember(path)
  local used = folder_of(path)
  if not used or used:find("%c") then return end
  local name = memory()
  local file = io.open(name .. ".new", "wb")
  if not file then return end
  local written = file:write(used, "\n")
  if file:close() and written then os.rename(name .. ".new", name) else os.remove(name .. ".new") end
end

-- What is read is a folder or nothing, whatever the file holds.
local function remembered()
  local name = (contents(memory()) or ""):match("^(/[^%c]*)\n$")
  return name and name:sub(-1) == "/" and name or nil
end

-- The capture that a field of a dialog means: a path, a URL, or a name in the folder of the open capture or in the
-- folder used last. An empty field means the open capture.
local function named_capture(text)
  local name = file_name(text)
  local open = open_capture()
  if name == "" then return open or "" end
  if name:sub(1, 1) ~= "/" then
    for _, from in ipairs({ folder_of(open) or "./", remembered() }) do
      if exists(from .. name) then return from .. name end
    end
  end
  return name
end

local function follow_compare(work, waiting)
  return follow("MSS: compare", work, waiting, function(result, report)
    result:set(report .. "\nThe annotated captures:\n" .. (contents(work .. "/errors") or ""))
  end)
end

local function compare(client, server, target)
  client, server, target = named_capture(client), named_capture(server), file_name(target)
  for _, path in ipairs({ client, server }) do
    if not exists(path) then
      show("MSS: compare", path == "" and "Name the captures of both points."
        or "This capture cannot be read: " .. path .. "\n\nGive its whole path.")
      return
    end
    remember(path)
  end
  local work, reason = start(function(own)
    return { "compare", "--annotate", target ~= "" and target or own .. "/annotated", "--", client, server }
  end)
  if not work then
    show("MSS: compare", reason)
    return
  end
  local window = follow_compare(work, "Comparing\n  " .. client .. "\n  " .. server)
  open_button(window, "Open client", work, "client")
  open_button(window, "Open server", work, "server")
end

local function ask_compare()
  new_dialog("Compare with another capture point", compare,
    "Capture nearer the client (empty: the open one)", "Capture nearer the server (empty: the open one)",
    "Folder for annotated copies (empty: a temporary one)")
end

local function compare_inside(capture)
  capture = named_capture(capture)
  if not exists(capture) then
    show("MSS: compare", capture == "" and "Name the capture."
      or "This capture cannot be read: " .. capture .. "\n\nGive its whole path.")
    return
  end
  remember(capture)
  local work, reason = start(function(own)
    return { "compare", "--annotate", own .. "/annotated", "--", capture }
  end)
  if not work then
    show("MSS: compare", reason)
    return
  end
  local window = follow_compare(work, "Comparing the points inside\n  " .. capture)
  open_button(window, "Open annotated", work, "")
end

local function ask_compare_inside()
  local capture = open_capture()
  if capture then
    compare_inside(capture)
  else
    new_dialog("Compare inside a capture", compare_inside, "Capture that holds several points")
  end
end

-- The packets with findings, in the order of the capture: { frame = …, findings = … }.
local function packets_with_findings()
  local packets = {}
  local tap = Listener.new("frame", "frame.comment")
  function tap.reset() packets = {} end
  function tap.packet(pinfo)
    local texts = {}
    for _, info in ipairs({ frame_comment() }) do texts[#texts + 1] = info.value end
    local findings = comment.findings(texts)
    if #findings > 0 then
      packets[#packets + 1] = { frame = pinfo.number, findings = overview.severest_first(findings) }
    end
  end
  retap_packets()
  tap:remove()
  return packets
end

-- Wireshark applies one filter for each press of a button. No function selects a packet, but a packet that is selected
-- stays selected when others are shown again.
local function filter(text)
  set_filter(text)
  apply_filter()
end

local function list_findings()
  if not has_comment or not has_overview then
    show("MSS: findings", "The post-dissector's files are not beside the menu: run mssbridge install.")
    return
  end
  local packets = packets_with_findings()
  local window = TextWindow.new("MSS: findings")
  if #packets == 0 then
    window:set("No packet of this capture carries a finding.\n\nFindings are in captures that "
      .. "mssbridge annotated: Tools, MSS, Compare with another capture point.")
    return
  end
  local groups = overview.groups(packets)
  local text = "A click in Analyze, Expert Information goes to a packet.\n" .. overview.text(groups, #packets)
  local stops, now = overview.stops(groups), 0
  local function say(line)
    window:set(line .. "\n\n" .. text)
  end
  window:set(text)
  window:add_button("Show the next kind", function()
    repeat now = now % #stops + 1 until stops[now].place == 1
    local group = stops[now].group
    filter(overview.filter(group))
    say("Shown: packets with " .. group.severity .. " " .. group.code)
  end)
  window:add_button("Show the next packet", function()
    now = now % #stops + 1
    local stop = stops[now]
    filter(string.format("frame.number == %d", stop.frame))
    say(string.format("Shown: frame %d, packet %d of %d with %s %s\nIt stays selected when all packets are shown.",
      stop.frame, stop.place, #stop.group.frames, stop.group.severity, stop.group.code))
  end)
  window:add_button("Show all findings", function()
    filter("mss.finding")
    say("Shown: packets with findings")
  end)
  window:add_button("Show all packets", function()
    filter("")
    say("Shown: all packets")
  end)
end

-- What is known without the program, to show it immediately.
local function hints(value)
  local lines = { string.format("MSS %d: an MTU of %d with IPv4, of %d with IPv6", value, value + 40, value + 60) }
  local file = has_knowledge and io.open(folder .. "knowledge.tsv")
  if file then
    local known = knowledge.parse(file:lines())
    file:close()
    for _, family in ipairs({ 4, 6 }) do
      for _, hint in ipairs(knowledge.hints(known, value, family)) do
        lines[#lines + 1] = string.format("  IPv%d: %s", family, hint)
      end
    end
  end
  return table.concat(lines, "\n")
end

local function explain(text)
  local value = tonumber(text)
  if not value or value < 1 or value > 65535 or value ~= math.floor(value) then
    show("MSS: explain", "An MSS is a whole number of bytes, 1 to 65535.")
    return
  end
  value = math.floor(value)
  local work, reason = start(function() return { "explain", string.format("%d", value) } end)
  if work then
    follow("MSS: explain", work, hints(value), function(window, report) window:set(report) end)
  else
    show("MSS: explain", hints(value) .. "\n\n" .. reason)
  end
end

local function ask_explain()
  new_dialog("Explain this MSS", explain, "MSS, MTU or frame size in bytes")
end

register_menu("MSS/Compare with another capture point…", ask_compare, MENU_TOOLS_UNSORTED)
register_menu("MSS/Compare inside this capture", ask_compare_inside, MENU_TOOLS_UNSORTED)
register_menu("MSS/Explain this MSS", ask_explain, MENU_TOOLS_UNSORTED)
register_menu("MSS/Findings", list_findings, MENU_TOOLS_UNSORTED)
-- From Wireshark 4.0 on, also in the context menu of a SYN, for its value.
if register_packet_menu then
  register_packet_menu("MSS/Explain this MSS", function(...)
    for _, info in ipairs({ ... }) do
      if info.name == "mss.value" then explain(tostring(info.value)) end
    end
  end, "mss.value")
end
