# SPDX-License-Identifier: MIT
# Install and export: find_package(insula CONFIG) and pkg-config.
include(CMakePackageConfigHelpers)

set(insula_floors core marshal apartments interop)
set(insula_targets insula)
set(insula_pc_libs "")
foreach(floor IN LISTS insula_floors)
  list(APPEND insula_targets insula_${floor})
  get_target_property(kind insula_${floor} TYPE)
  if(NOT kind STREQUAL "INTERFACE_LIBRARY")
    string(PREPEND insula_pc_libs "-linsula_${floor} ")
  endif()
endforeach()

install(TARGETS ${insula_targets} EXPORT insula_targets
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  FILE_SET HEADERS DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
set(insula_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/insula)
install(EXPORT insula_targets FILE insulaTargets.cmake NAMESPACE insula::
  DESTINATION ${insula_cmake_dir})

# Static libraries leave what they use privately to whoever links the program.
set(insula_is_static TRUE)
if(BUILD_SHARED_LIBS)
  set(insula_is_static FALSE)
endif()
configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/insulaConfig.cmake.in" "${PROJECT_BINARY_DIR}/insulaConfig.cmake"
  INSTALL_DESTINATION ${insula_cmake_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/insulaConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/insulaConfig.cmake"
  "${PROJECT_BINARY_DIR}/insulaConfigVersion.cmake" DESTINATION ${insula_cmake_dir})

# The prefix in insula.pc is found from the file's own place, so the installed tree can be moved.
set(insula_pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH insula_pc_up "/root/${insula_pc_dir}" "/root")
string(REGEX REPLACE "/$" "" insula_pc_up "${insula_pc_up}")
set(insula_pc_thirdparty "-lboost_context -ltbb -lspdlog -lfmt")
if(insula_is_static)
  string(APPEND insula_pc_libs "${insula_pc_thirdparty} ")
  set(insula_pc_private "")
else()
  set(insula_pc_private "${insula_pc_thirdparty}")
endif()
set(insula_pc_defines "")
if(INSULA_TEST_GATES)
  set(insula_pc_defines " -DINSULA_TEST_GATES")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/insula.pc.in" "${PROJECT_BINARY_DIR}/insula.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/insula.pc" DESTINATION ${insula_pc_dir})
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION ${CMAKE_INSTALL_DOCDIR})
