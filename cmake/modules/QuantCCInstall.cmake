# Install rules: headers, generated headers, libraries, tools and the CMake
# package that a project outside the tree finds with find_package(QuantCC).

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

get_property(quantcc_libraries GLOBAL PROPERTY QUANTCC_LIBRARIES)
get_property(quantcc_tools GLOBAL PROPERTY QUANTCC_TOOLS)

install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/quantcc"
                  "${PROJECT_BINARY_DIR}/include/quantcc"
        DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.h" PATTERN "*.td" PATTERN "*.inc"
        PATTERN CMakeFiles EXCLUDE)
install(TARGETS ${quantcc_libraries} EXPORT QuantCCTargets)
install(TARGETS ${quantcc_tools})
install(TARGETS QuantCCPlugin LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT QuantCCTargets NAMESPACE quantcc::
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/quantcc")

list(JOIN quantcc_libraries " " QUANTCC_EXPORTED_LIBRARIES)
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/modules/QuantCCConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/QuantCCConfig.cmake"
  INSTALL_DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/quantcc"
  PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/QuantCCConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/QuantCCConfig.cmake"
              "${PROJECT_BINARY_DIR}/QuantCCConfigVersion.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/modules/QuantCCModel.cmake"
        DESTINATION "${CMAKE_INSTALL_LIBDIR}/cmake/quantcc")
