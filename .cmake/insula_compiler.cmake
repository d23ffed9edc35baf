# SPDX-License-Identifier: MIT
# How our own targets are compiled. Warning flags are not here: they belong to the presets, so that
# no consumer meets them.

# A consumer that adds this folder keeps his own choices.
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_STANDARD 20)
  set(CMAKE_C_STANDARD 11)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Kind of build" FORCE)
  endif()
  find_program(INSULA_CCACHE ccache)
  mark_as_advanced(INSULA_CCACHE)
  if(INSULA_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_C_COMPILER_LAUNCHER "${INSULA_CCACHE}")
    set(CMAKE_CXX_COMPILER_LAUNCHER "${INSULA_CCACHE}")
  endif()
endif()
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_EXTENSIONS OFF)
