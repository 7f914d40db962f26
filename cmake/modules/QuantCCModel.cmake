# quantcc_add_model(NAME MODEL file
#                   [CALIBRATE samples | RANGES file] [RECIPE file]
#                   [TARGET target] [SYMBOL symbol] [THREADS n] [OPTIONS option...])
#
# Compiles a model with `quantcc compile` when NAME is built, and makes NAME a
# library to link: its users get the object and may include "SYMBOL.h".
#
#   MODEL      a .tflite, .mlir or .mlirbc file
#   CALIBRATE  sample inputs (.npy, .npz) to calibrate a float model over
#   RANGES     or a calibration file
#   RECIPE     rules that say how parts of the model are quantized
#   TARGET     as --target takes it; default: host
#   SYMBOL     the entry function's name and that of the files; default: NAME
#   THREADS    cut layers into up to so many pieces, as --threads does: the entry
#              then takes a function that runs them, and its first argument
#   OPTIONS    more options of `quantcc compile`
#
# A relative file is looked for in the current source folder. The model is
# compiled again when one of the files, or quantcc itself, changes.
#
#   find_package(QuantCC REQUIRED COMPONENTS Compiler)
#   quantcc_add_model(keywords MODEL keywords.tflite CALIBRATE speech.npz
#                     TARGET cortex-m4)
#   target_link_libraries(firmware PRIVATE keywords)
function(quantcc_add_model name)
  cmake_parse_arguments(PARSE_ARGV 1 arg ""
    "MODEL;CALIBRATE;RANGES;RECIPE;TARGET;SYMBOL;THREADS" "OPTIONS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR
      "quantcc_add_model(${name}): unknown argument '${arg_UNPARSED_ARGUMENTS}'")
  endif()
  if(NOT arg_MODEL)
    message(FATAL_ERROR "quantcc_add_model(${name}): MODEL is missing")
  endif()
  if(arg_CALIBRATE AND arg_RANGES)
    message(FATAL_ERROR
      "quantcc_add_model(${name}): CALIBRATE and RANGES exclude each other")
  endif()
  if(NOT arg_SYMBOL)
    string(MAKE_C_IDENTIFIER "${name}" arg_SYMBOL)
  endif()

  set(options --symbol ${arg_SYMBOL})
  if(arg_TARGET)
    list(APPEND options --target ${arg_TARGET})
  endif()
  if(arg_THREADS)
    list(APPEND options --threads ${arg_THREADS})
  endif()
  cmake_path(ABSOLUTE_PATH arg_MODEL)
  set(files "${arg_MODEL}")
  foreach(option CALIBRATE RANGES RECIPE)
    if(arg_${option})
      cmake_path(ABSOLUTE_PATH arg_${option})
      string(TOLOWER ${option} flag)
      list(APPEND options --${flag} "${arg_${option}}")
      list(APPEND files "${arg_${option}}")
    endif()
  endforeach()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}.model")
  set(object "${folder}/${arg_SYMBOL}.o")
  add_custom_command(
    OUTPUT "${object}" "${folder}/${arg_SYMBOL}.h" "${folder}/${arg_SYMBOL}.json"
    COMMAND "${QUANTCC_COMPILER}" compile "${arg_MODEL}" -o "${folder}"
            --depfile "${folder}/${arg_SYMBOL}.d" ${options} ${arg_OPTIONS}
    DEPENDS "${QUANTCC_COMPILER}" ${files}
    DEPFILE "${folder}/${arg_SYMBOL}.d"
    COMMENT "Compiling model ${name}"
    VERBATIM)
  add_custom_target(${name}-model DEPENDS "${object}")
  add_library(${name} INTERFACE)
  add_dependencies(${name} ${name}-model)
  set_source_files_properties("${object}" PROPERTIES EXTERNAL_OBJECT TRUE)
  target_sources(${name} INTERFACE "${object}" "${folder}/${arg_SYMBOL}.h")
  target_include_directories(${name} INTERFACE "${folder}")
endfunction()
