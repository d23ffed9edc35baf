# SPDX-License-Identifier: MIT
# cmake -DSOURCE=<file> -DROOTS=<-I...> -DCOMPILER=<c++> -P expect_refusal.cmake
# Passes when the file does not compile and the compiler's words contain each text that a line
# `// refused: <text>` of the file asks for. The file must compile with -DINSULA_ACCEPTED, where it
# leaves the offending part out, so that it is refused for the right reason.
file(STRINGS "${SOURCE}" expected REGEX "^// refused: ")
if(NOT expected)
  message(FATAL_ERROR "${SOURCE} has no line `// refused: <text>`")
endif()
set(command "${COMPILER}" -std=c++20 -fsyntax-only ${ROOTS})

execute_process(COMMAND ${command} -DINSULA_ACCEPTED "${SOURCE}"
  RESULT_VARIABLE status ERROR_VARIABLE words OUTPUT_VARIABLE words)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${SOURCE} does not compile without its offending part:\n${words}")
endif()

execute_process(COMMAND ${command} "${SOURCE}"
  RESULT_VARIABLE status ERROR_VARIABLE words OUTPUT_VARIABLE words)
if(status EQUAL 0)
  message(FATAL_ERROR "${SOURCE} compiles and must not")
endif()
foreach(line IN LISTS expected)
  string(REPLACE "// refused: " "" text "${line}")
  string(FIND "${words}" "${text}" place)
  if(place EQUAL -1)
    message(FATAL_ERROR "${SOURCE} is refused without saying \"${text}\":\n${words}")
  endif()
endforeach()
