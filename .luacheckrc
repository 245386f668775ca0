-- What Wireshark gives its Lua scripts, beside the standard library: Lua 5.4's has none of what 5.2's had to lose.
std = "lua54"
read_globals = {
  "Dissector", "DissectorTable", "Field", "NSTime", "Pref", "Proto", "ProtoExpert", "ProtoField", "Tvb", "TvbRange",
  "UInt64", "base", "bit", "browser_open_url", "expert", "ftypes", "get_version", "gui_enabled", "register_menu",
  "register_postdissector",
}
