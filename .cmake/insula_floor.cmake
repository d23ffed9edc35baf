# SPDX-License-Identifier: MIT

# insula_add_floor(<name> [BELOW <floor>])
#
# Makes the target insula_<name> (alias insula::<name>) from include/insula/<name>/ and src/ of the
# folder that calls. A floor sees the public headers of the floors below and nothing else, so an
# upward include does not compile. A floor that has headers alone is an INTERFACE library;
# insula_scope is then INTERFACE for the caller too, otherwise PUBLIC, and INSULA_COMPILED says which.
function(insula_add_floor name)
  cmake_parse_arguments(PARSE_ARGV 1 floor "" "BELOW" "")
  set(target insula_${name})
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS
    "${CMAKE_CURRENT_SOURCE_DIR}/include/*.hpp" "${CMAKE_CURRENT_SOURCE_DIR}/include/*.h")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS
    "${CMAKE_CURRENT_SOURCE_DIR}/src/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/src/*.c")

  if(sources)
    set(scope PUBLIC)
    set(compiled TRUE)
    add_library(${target} ${sources})
    # Installed libraries stand side by side, and the search path of a program finds only those that
    # the program itself names: each floor looks for the floors below where it stands.
    set_target_properties(${target} PROPERTIES
      POSITION_INDEPENDENT_CODE ON
      DEFINE_SYMBOL ""
      INSTALL_RPATH "$ORIGIN;${CMAKE_INSTALL_RPATH}"
      VERSION ${PROJECT_VERSION}
      SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/src")
  else()
    set(scope INTERFACE)
    set(compiled FALSE)
    add_library(${target} INTERFACE)
  endif()
  add_library(insula::${name} ALIAS ${target})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_sources(${target} ${scope}
    FILE_SET HEADERS BASE_DIRS "${CMAKE_CURRENT_SOURCE_DIR}/include" FILES ${headers})
  # An interface has no virtual destructor, for a table of COM has no place for one. Our own build
  # asks for no such warning.
  set(no_warning "$<$<COMPILE_LANG_AND_ID:CXX,GNU,Clang,AppleClang>:-Wno-non-virtual-dtor>")
  if(PROJECT_IS_TOP_LEVEL)
    set(no_warning "$<INSTALL_INTERFACE:${no_warning}>")
  endif()
  target_compile_options(${target} INTERFACE "${no_warning}")
  if(floor_BELOW)
    target_link_libraries(${target} ${scope} insula_${floor_BELOW})
  endif()
  set(insula_scope ${scope} PARENT_SCOPE)
  set(INSULA_COMPILED ${compiled} PARENT_SCOPE)
endfunction()
