"""The language table: all programs, and what this version refuses of them."""
from __future__ import annotations

import language_argument_objects
import language_array_arguments
import language_array_lists
import language_arrays
import language_bound_methods
import language_callbacks
import language_calls
import language_changed_arguments
import language_changes
import language_closure_state
import language_complex
import language_containers
import language_contexts
import language_copied_structures
import language_derivatives
import language_exits
import language_functions
import language_grouped
import language_held_containers
import language_held_indices
import language_hidden_names
import language_iteration
import language_itertools
import language_keywords
import language_known_names
import language_layers
import language_library
import language_linalg
import language_loops
import language_made_objects
import language_matches
import language_named_tuples
import language_nested_containers
import language_none
import language_nonlocal
import language_number_classes
import language_numpy
import language_object_lists
import language_object_records
import language_object_stores
import language_objects
import language_one_argument
import language_passed_over
import language_records
import language_rest_arguments
import language_rows
import language_scalars
import language_sequence_operands
import language_sequences
import language_shared_lists
import language_shared_tuples
import language_sharing
import language_stepped_into
import language_structures
import language_tables
import language_tries
import language_uneven
import language_unused_values
import language_writing_calls
import language_written_out
from language_case import Case

THEMES = (
    language_scalars,
    language_loops,
    language_exits,
    language_arrays,
    language_array_arguments,
    language_array_lists,
    language_sharing,
    language_shared_lists,
    language_shared_tuples,
    language_calls,
    language_containers,
    language_changes,
    language_changed_arguments,
    language_held_containers,
    language_sequence_operands,
    language_sequences,
    language_matches,
    language_named_tuples,
    language_nested_containers,
    language_records,
    language_tables,
    language_uneven,
    language_copied_structures,
    language_rows,
    language_iteration,
    language_itertools,
    language_functions,
    language_grouped,
    language_hidden_names,
    language_bound_methods,
    language_callbacks,
    language_rest_arguments,
    language_none,
    language_nonlocal,
    language_closure_state,
    language_derivatives,
    language_objects,
    language_argument_objects,
    language_contexts,
    language_object_stores,
    language_made_objects,
    language_number_classes,
    language_object_lists,
    language_object_records,
    language_stepped_into,
    language_structures,
    language_written_out,
    language_writing_calls,
    language_held_indices,
    language_layers,
    language_library,
    language_keywords,
    language_known_names,
    language_linalg,
    language_passed_over,
    language_tries,
    language_unused_values,
    language_numpy,
    language_complex,
    language_one_argument,
)
PROGRAMS: list[Case] = [program for theme in THEMES for program in theme.PROGRAMS]
# What this version refuses of the table: right or refused, so each refusal says why and what to do instead. A second
# derivative may be refused where the first is given.
REFUSED_TODAY = frozenset("""
    called_function_rebound
    closure_chosen_by_branch
    default_of_an_older_instance
    method_kept
    objects_of_two_classes
""".split())
REFUSED_TWICE = frozenset("""
    raised_again_and_caught raised_from tries_in_a_loop_of_tries
    array_in_state cache_of_a_value
    network_of_layers layers_with_functions_of_their_own
    dict_copied_deeply tuple_copied_deeply fields_as_a_tuple rows_copied_deeply
    groups_as_arrays setdefault_in_setdefault tables_of_differing_keys
    row_replaced_by_a_shorter_one row_of_a_helper_replaced points_replaced_in_a_loop arrays_of_other_lengths
    tuple_of_another_length list_repeated_in_place commands_in_a_loop
""".split())
ACCEPTED = [program for program in PROGRAMS if program.name not in REFUSED_TODAY]
SMOOTH = [program for program in ACCEPTED if program.smooth]
