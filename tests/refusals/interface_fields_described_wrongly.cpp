// SPDX-License-Identifier: MIT
// refused: size_is names no field: list the field that holds the count too
// refused: checked_field<nameless,
// refused: size_is names a field that is no integer
// refused: checked_field<uncounted,
// refused: are for raw pointers: this field is none
// refused: checked_field<pointless,
// refused: a pointer that size_is describes is to an array: it is not one element
// refused: checked_field<both_ways,
// refused: a pointer to characters is text
// refused: checked_field<lettered,
// refused: of a field can be said: size_is, one, unique, ref or full
// refused: checked_field<worded,
// refused: INSULA_FIELDS is for plain structs
#include <insula/marshal/interface.hpp>

struct nameless { int count; int* values; };
struct uncounted { double count; int* values; };
struct pointless { int count; int value; };
struct both_ways { int count; int* values; };
struct lettered { int count; char* text; };
struct worded { int count; int* values; };
class closed {
 public:
  explicit closed(int* value) : value_(value) {}
  int* value_;
};

#ifndef INSULA_ACCEPTED
INSULA_FIELDS(nameless, (values, size_is("count")));
INSULA_FIELDS(uncounted, (count), (values, size_is("count")));
INSULA_FIELDS(pointless, (value, one));
INSULA_FIELDS(both_ways, (count), (values, size_is("count"), one));
INSULA_FIELDS(lettered, (text, unique));
INSULA_FIELDS(worded, (count), (values, size_is("count"), length_is("count")));
INSULA_FIELDS(closed, (value_, one));
#else
INSULA_FIELDS(nameless, (count), (values, size_is("count")));
INSULA_FIELDS(uncounted, (values, one));
INSULA_FIELDS(both_ways, (values, size_is(1)));
INSULA_FIELDS(lettered, (count), (text, size_is("count")));
INSULA_FIELDS(worded, (values, full));
#endif
