# How every target is compiled: warnings, hardening, sanitisers; and the two
# helpers that folders use.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

option(HOTFLEET_WERROR "treat warnings as errors" OFF)
option(HOTFLEET_HARDEN "hardening flags" OFF)
option(HOTFLEET_FUZZ "build libFuzzer targets (clang)" OFF)
set(HOTFLEET_SANITIZE "" CACHE STRING "sanitisers: address,undefined or thread")

add_library(hf_flags INTERFACE)
target_compile_definitions(hf_flags INTERFACE _GNU_SOURCE
    HF_VERSION="${PROJECT_VERSION}")
target_include_directories(hf_flags INTERFACE ${CMAKE_SOURCE_DIR}
    ${CMAKE_BINARY_DIR}/generated)
target_compile_options(hf_flags INTERFACE -Wall -Wextra -Wshadow
    -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wwrite-strings -Wpointer-arith -Wcast-align -Wundef -Wvla
    -Wformat=2 -Wno-missing-field-initializers)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    target_compile_options(hf_flags INTERFACE -Wlogical-op -Wduplicated-cond
        -Wduplicated-branches -Wjump-misses-init -Wno-format-nonliteral
        -Wno-format-truncation) # messages in fixed buffers are cut on purpose
else()
    target_compile_options(hf_flags INTERFACE -Wno-format-nonliteral)
endif()
if(HOTFLEET_WERROR)
    target_compile_options(hf_flags INTERFACE -Werror)
endif()
if(HOTFLEET_HARDEN)
    target_compile_options(hf_flags INTERFACE -fstack-protector-strong
        -fstack-clash-protection -fcf-protection)
    target_compile_definitions(hf_flags INTERFACE
        $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
    target_link_options(hf_flags INTERFACE -pie -Wl,-z,relro -Wl,-z,now
        -Wl,-z,noexecstack)
endif()
if(HOTFLEET_SANITIZE)
    target_compile_options(hf_flags INTERFACE
        -fsanitize=${HOTFLEET_SANITIZE} -fno-omit-frame-pointer
        -fno-sanitize-recover=all)
    target_link_options(hf_flags INTERFACE -fsanitize=${HOTFLEET_SANITIZE})
endif()

# hotfleet_library(NAME SOURCES a.c b.c USES lib...)
function(hotfleet_library name)
    cmake_parse_arguments(L "" "" "SOURCES;USES" ${ARGN})
    add_library(${name} STATIC ${L_SOURCES})
    target_link_libraries(${name} PUBLIC hf_flags ${L_USES})
    if(HOTFLEET_FUZZ)
        target_compile_options(${name} PRIVATE -fsanitize=fuzzer-no-link)
    endif()
endfunction()

# hotfleet_test(NAME SOURCES x.c USES lib... LABELS unit)
# A cmocka program registered with CTest under "<label>/<name>".
function(hotfleet_test name)
    cmake_parse_arguments(T "" "TIMEOUT" "SOURCES;USES;LABELS" ${ARGN})
    if(NOT CMOCKA_FOUND)
        return()
    endif()
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 60)
    endif()
    add_executable(test_${name} ${T_SOURCES})
    target_link_libraries(test_${name} PRIVATE ${T_USES} PkgConfig::CMOCKA)
    list(GET T_LABELS 0 first)
    add_test(NAME ${first}/${name} COMMAND test_${name}
        WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(${first}/${name} PROPERTIES
        LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT} SKIP_RETURN_CODE 77
        ENVIRONMENT "TZ=UTC;LC_ALL=C.UTF-8;HOTFLEET_SOURCE=${CMAKE_SOURCE_DIR};HOTFLEET_BINARY=${CMAKE_BINARY_DIR}/hotfleet")
endfunction()

# hotfleet_script_test(NAME FILE x.sh LABELS contract): a shell test that
# prints "ok NAME" / "not ok NAME" / "skip NAME" lines.
function(hotfleet_script_test name)
    cmake_parse_arguments(T "SERIAL" "TIMEOUT;FILE" "LABELS" ${ARGN})
    if(NOT T_TIMEOUT)
        set(T_TIMEOUT 120)
    endif()
    list(GET T_LABELS 0 first)
    add_test(NAME ${first}/${name}
        COMMAND bash ${CMAKE_CURRENT_SOURCE_DIR}/${T_FILE}
        WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    set_tests_properties(${first}/${name} PROPERTIES
        LABELS "${T_LABELS}" TIMEOUT ${T_TIMEOUT} SKIP_RETURN_CODE 77
        ENVIRONMENT "TZ=UTC;LC_ALL=C.UTF-8;HOTFLEET_SOURCE=${CMAKE_SOURCE_DIR};HOTFLEET_BUILD=${CMAKE_BINARY_DIR};HOTFLEET_BINARY=${CMAKE_BINARY_DIR}/hotfleet")
    if(T_SERIAL)
        set_tests_properties(${first}/${name} PROPERTIES RUN_SERIAL ON)
    endif()
endfunction()

# hotfleet_texts(OUT ARRAY PATTERN): the files as constant text, one row for
# each in `const struct hf_shipped ARRAY[]` (inventory/shipped.h); OUT gets the
# source file.
function(hotfleet_texts out array pattern)
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${pattern})
    set(texts "")
    set(rows "")
    set(number 0)
    foreach(file ${files})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
        get_filename_component(name ${file} NAME)
        file(READ ${file} hex HEX)
        string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
        string(APPEND texts "static const char text_${number}[] = {${bytes}0};\n")
        string(APPEND rows "    {\"${name}\", text_${number}, sizeof(text_${number}) - 1},\n")
        math(EXPR number "${number} + 1")
    endforeach()
    set(source ${CMAKE_CURRENT_BINARY_DIR}/${array}.c)
    file(CONFIGURE OUTPUT ${source} CONTENT
"#include \"inventory/shipped.h\"

${texts}
extern const struct hf_shipped ${array}[];
const struct hf_shipped ${array}[] = {
${rows}    {0},
};
" @ONLY)
    set(${out} ${source} PARENT_SCOPE)
endfunction()

# hotfleet_embed(OUT_C FILE ...): each file becomes a constant hf_script with
# its text, length and SHA-256, named after the file (see backend/drivers).
