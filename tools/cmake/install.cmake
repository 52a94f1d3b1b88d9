# What `cmake --install` puts where: the program, and the package `annals` that programs of one's own are built with:
#
#   find_package(annals REQUIRED)
#   target_link_libraries(mine PRIVATE annals::client)
#
# tools/clients/follow-cpp is one to start from. Every library of engine/ goes along, since the client's is made of them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_property(libraries GLOBAL PROPERTY ANNALS_LIBRARIES)
foreach(library ${libraries})
  string(REGEX REPLACE "^annals_" "" name ${library})
  set_target_properties(${library} PROPERTIES EXPORT_NAME ${name})
endforeach()
install(TARGETS ${libraries} EXPORT annals ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(EXPORT annals NAMESPACE annals:: FILE annalsTargets.cmake DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/annals COMPONENT development)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/engine DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development FILES_MATCHING PATTERN "*.h")
configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/annalsConfig.cmake.in ${CMAKE_BINARY_DIR}/annalsConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/annals)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/annalsConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/annalsConfig.cmake ${CMAKE_BINARY_DIR}/annalsConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/annals COMPONENT development)
install(TARGETS annals RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
