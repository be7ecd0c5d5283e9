// A link to enter carries its token behind the #, which no server sees: it is put into the form, and out of the address.
// Nothing is sent: a button is pressed by the person, so that a preview of the link spends nothing.
"use strict";
const token = location.hash.slice(1);
const field = document.getElementById("code");
if (token && field) {
  field.value = token;
  field.inputMode = "text";
  history.replaceState(null, "", location.pathname);
}
