// A page that only asks: its form goes on by itself, once.

const form = document.querySelector("form[data-go-on]");
const asked = `asked:${location.href}`;
if (form && !sessionStorage.getItem(asked)) {
  sessionStorage.setItem(asked, "yes");
  form.requestSubmit();
}
