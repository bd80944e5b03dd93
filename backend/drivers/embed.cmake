# Writes scripts.c: every script as a constant with its length and SHA-256.
# Run at build time with OUT (the file to write), HERE (this folder), LIST
# ("name=part+part;..." where each part is a file) and COMMAND (the script
# whose text is also quoted into a command of its own).
set(body "")
set(table "")
foreach(entry IN LISTS LIST)
    string(REGEX MATCH "^([^=]+)=(.+)$" matched "${entry}")
    set(name ${CMAKE_MATCH_1})
    string(REPLACE "+" ";" parts "${CMAKE_MATCH_2}")
    set(whole ${OUT}.part)
    file(WRITE ${whole} "")
    foreach(part IN LISTS parts)
        file(READ ${HERE}/${part} text)
        if(text MATCHES "[^\t\n -~]")
            message(FATAL_ERROR "${part}: only ASCII may be sent to hosts")
        endif()
        file(APPEND ${whole} "${text}")
    endforeach()
    file(SHA256 ${whole} sum)
    file(SIZE ${whole} size)
    file(READ ${whole} hex HEX)
    file(REMOVE ${whole})
    string(REGEX REPLACE "(................................)" "\\1\n" hex
        "${hex}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " bytes "${hex}")
    string(REGEX REPLACE "\\.(sh|ps1)$" "" id ${name})
    string(MAKE_C_IDENTIFIER ${id} id)
    string(APPEND body "static const char text_${id}[] = {\n${bytes}0};\n"
        "const struct hf_script hf_script_${id} = {\n"
        "    .name = \"${name}\",\n    .text = text_${id},\n"
        "    .len = ${size},\n    .sha256 = \"${sum}\",\n};\n\n")
    string(APPEND table "    &hf_script_${id},\n")
    if(name STREQUAL COMMAND)
        if(text MATCHES "'")
            message(FATAL_ERROR "${name}: holds a single quote")
        endif()
        foreach(way "" "sudo -n ")
            string(HEX "exec env LC_ALL=C ${way}/bin/sh -c '" before)
            string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " before
                ${before})
            set(suffix "")
            if(way)
                set(suffix _elevated)
            endif()
            string(APPEND body "const char hf_command_${id}${suffix}[] = {\n"
                "${before}\n${bytes}0x27, 0};\n\n")
        endforeach()
    endif()
endforeach()
file(WRITE ${OUT} "/* Generated from backend/drivers by embed.cmake. */\n"
    "#include \"backend/drivers/scripts.h\"\n\n${body}"
    "const struct hf_script *const hf_scripts[] = {\n${table}    0,\n};\n")
