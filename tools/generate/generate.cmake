# Tables that the build makes from data, so that starting the engine costs nothing and needs no files.

# OpenCC's and ICU's characters → engine/language/fold_table.h
find_path(ANNALS_OPENCC_DATA TSCharacters.ocd2 PATH_SUFFIXES share/opencc opencc REQUIRED)
add_executable(make_fold_table ${CMAKE_CURRENT_LIST_DIR}/fold_table.cc)
target_link_libraries(make_fold_table PRIVATE annals_base PkgConfig::OpenCC PkgConfig::ICU)
set(fold_table ${CMAKE_CURRENT_BINARY_DIR}/fold_table.cc)
add_custom_command(OUTPUT ${fold_table} COMMAND make_fold_table ${ANNALS_OPENCC_DATA} ${fold_table}
                   DEPENDS make_fold_table ${ANNALS_OPENCC_DATA}/TSCharacters.ocd2 COMMENT "Making the fold table" VERBATIM)
target_sources(annals_language PRIVATE ${fold_table})

# engine/language/lexicon/*.yaml → engine/language/lexicon_data.h
set(language ${CMAKE_SOURCE_DIR}/engine/language)
file(GLOB lexicon_files CONFIGURE_DEPENDS ${language}/lexicon/*.yaml)
add_executable(make_lexicon_data ${CMAKE_CURRENT_LIST_DIR}/lexicon_data.cc ${language}/lexicon_file.cc ${language}/lexicon_names.cc
               ${language}/fold.cc ${fold_table})
target_link_libraries(make_lexicon_data PRIVATE annals_base yaml-cpp)
set(lexicon_data ${CMAKE_CURRENT_BINARY_DIR}/lexicon_data.cc)
add_custom_command(OUTPUT ${lexicon_data} COMMAND make_lexicon_data ${lexicon_data} ${lexicon_files}
                   DEPENDS make_lexicon_data ${lexicon_files} COMMENT "Making the lexicon" VERBATIM)
target_sources(annals_language PRIVATE ${lexicon_data})
