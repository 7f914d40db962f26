# Functions that add the project's libraries, tools and TableGen targets.

list(APPEND CMAKE_MODULE_PATH "${LLVM_CMAKE_DIR}" "${MLIR_CMAKE_DIR}")
include(TableGen)
include(AddLLVM)
include(AddMLIR)

# quantcc_add_library(NAME source... [DEPENDS target...] [LINK library...])
#
# Adds the static library NAME, one per folder of lib/. MLIR and LLVM come as
# shared libraries only: naming their static archives as well would link two
# copies of MLIR into one program.
function(quantcc_add_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_UNPARSED_ARGUMENTS})
  target_include_directories(${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
    $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
    $<INSTALL_INTERFACE:include>)
  target_link_libraries(${name} PUBLIC ${ARG_LINK} MLIR LLVM)
  add_dependencies(${name} QuantCCTableGen)
  if(ARG_DEPENDS)
    add_dependencies(${name} ${ARG_DEPENDS})
  endif()
  if(TARGET QuantCCPrecompiled)
    target_precompile_headers(${name} REUSE_FROM QuantCCPrecompiled)
  endif()
  set_property(GLOBAL APPEND PROPERTY QUANTCC_LIBRARIES ${name})
endfunction()

# quantcc_add_executable(NAME source... [LINK library...])
function(quantcc_add_executable name)
  cmake_parse_arguments(ARG "" "" "LINK" ${ARGN})
  add_executable(${name} ${ARG_UNPARSED_ARGUMENTS})
  # The precompiled header is built with -fPIC, which -fPIE would not match.
  set_target_properties(${name} PROPERTIES
    POSITION_INDEPENDENT_CODE OFF
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  target_compile_options(${name} PRIVATE -fPIC)
  target_include_directories(${name} PRIVATE
    "${PROJECT_SOURCE_DIR}/include" "${PROJECT_BINARY_DIR}/include")
  target_link_libraries(${name} PRIVATE ${ARG_LINK} MLIR LLVM)
  add_dependencies(${name} QuantCCTableGen)
  target_precompile_headers(${name} REUSE_FROM QuantCCPrecompiled)
endfunction()

# quantcc_add_tool(NAME source... [LINK library...]): an installed executable.
function(quantcc_add_tool name)
  quantcc_add_executable(${name} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY QUANTCC_TOOLS ${name})
endfunction()
