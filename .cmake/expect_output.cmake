# SPDX-License-Identifier: MIT
# cmake -DPROGRAM=<program> -DEXPECTED=<file> -P expect_output.cmake
# Passes when the program ends with 0 and its standard output equals the file, byte for byte.
get_filename_component(name "${PROGRAM}" NAME)
set(actual "${CMAKE_CURRENT_BINARY_DIR}/${name}.out")
execute_process(COMMAND "${PROGRAM}" RESULT_VARIABLE status OUTPUT_FILE "${actual}"
  ERROR_VARIABLE complaints)
if(NOT status EQUAL 0)
  file(READ "${actual}" output)
  message(FATAL_ERROR "${name} ended with ${status}\n${output}\n${complaints}")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files "${EXPECTED}" "${actual}"
  RESULT_VARIABLE differs ERROR_QUIET)
if(differs)
  execute_process(COMMAND diff -u "${EXPECTED}" "${actual}" OUTPUT_VARIABLE difference)
  message(FATAL_ERROR "${name} printed something else than ${EXPECTED}:\n${difference}${complaints}")
endif()
