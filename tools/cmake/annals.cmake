# What every target of the project shares: the language, the warnings, the dependencies, and the two functions that make targets.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(ANNALS_CCACHE ccache)
if(ANNALS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ANNALS_CCACHE})
endif()
find_program(ANNALS_MOLD mold)
if(ANNALS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
if(ANNALS_SANITIZE)
  add_compile_options(-fsanitize=${ANNALS_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${ANNALS_SANITIZE})
  # Asio orders nothing by its fences alone that it does not lock as well; gcc only says that it cannot see them.
  if(ANNALS_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)
  endif()
endif()

if(ANNALS_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()

find_package(Threads REQUIRED)
find_package(CapnProto REQUIRED)
find_package(RocksDB REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(date REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(OpenCC REQUIRED IMPORTED_TARGET opencc)
pkg_check_modules(ICU REQUIRED IMPORTED_TARGET icu-uc icu-i18n)
pkg_check_modules(MD4C REQUIRED IMPORTED_TARGET md4c)
pkg_check_modules(GUMBO REQUIRED IMPORTED_TARGET gumbo)
find_package(pugixml REQUIRED)

# Warnings are for our code; what the packages' headers say is theirs (they are SYSTEM includes).
add_library(annals_options INTERFACE)
target_compile_options(annals_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
                                                $<$<BOOL:${ANNALS_WERROR}>:-Werror>
                                                # GCC 12 takes the empty half of a std::optional for uninitialised once it optimises.
                                                $<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-maybe-uninitialized>)
target_include_directories(annals_options INTERFACE ${CMAKE_SOURCE_DIR})
target_link_libraries(annals_options INTERFACE Threads::Threads)

# annals_library(base [DEPENDS ...] [PRIVATE_DEPENDS ...]): the library annals_base from every .cc below the current folder's `base/`.
function(annals_library name)
  cmake_parse_arguments(ARG "" "" "DEPENDS;PRIVATE_DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  if(sources)
    add_library(annals_${name} STATIC ${sources})
    target_link_libraries(annals_${name} PUBLIC annals_options ${ARG_DEPENDS} PRIVATE ${ARG_PRIVATE_DEPENDS})
  else()
    add_library(annals_${name} INTERFACE)
    target_link_libraries(annals_${name} INTERFACE annals_options ${ARG_DEPENDS} ${ARG_PRIVATE_DEPENDS})
  endif()
endfunction()
