# Writes OUT: the command that runs the script SOURCE as -EncodedCommand, which
# is base64 of UTF-16LE. Comments and indentation stay behind; blanks at the
# end keep the base64 free of padding.
set(digits "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
file(READ ${SOURCE} text)
string(REGEX REPLACE "(^|\n)#[^\n]*" "" text "${text}")
string(REGEX REPLACE "\n[ \n]*" "\n" text "${text}")
string(STRIP "${text}" text)
if(text MATCHES "[^\n -~]")
    message(FATAL_ERROR "${SOURCE}: only ASCII may be sent to hosts")
endif()
string(LENGTH "${text}" length)
math(EXPR over "${length} % 3")
if(over)
    math(EXPR lacking "3 - ${over}")
    string(REPEAT " " ${lacking} blanks)
    string(APPEND text "${blanks}")
endif()
string(HEX "${text}" hex)
string(REGEX REPLACE "(..)" "\\100" hex "${hex}") # each byte and a zero
string(LENGTH "${hex}" end)
set(encoded "")
set(at 0)
while(at LESS end)
    string(SUBSTRING "${hex}" ${at} 3 three) # 12 bits: two digits
    math(EXPR high "0x${three} >> 6")
    math(EXPR low "0x${three} & 63")
    string(SUBSTRING "${digits}" ${high} 1 first)
    string(SUBSTRING "${digits}" ${low} 1 second)
    string(APPEND encoded "${first}${second}")
    math(EXPR at "${at} + 3")
endwhile()
string(REGEX REPLACE
    "(................................................................)"
    "\\1\"\n    \"" encoded "${encoded}")
file(WRITE ${OUT} "/* Generated from powershell/bootstrap.ps1. */\n"
    "#include \"backend/drivers/scripts.h\"\n\n"
    "const char hf_command_powershell[] =\n"
    "    \"powershell.exe -NoProfile -NonInteractive \"\n"
    "    \"-ExecutionPolicy Bypass -EncodedCommand \"\n    \"${encoded}\";\n")
