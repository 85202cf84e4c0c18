/**
 * Loads the page anew while it is looked at and nobody has stopped it. The choice is kept for the
 * tab. A script, since a page that reloads by itself must be stoppable.
 */
export const refreshScript = `(function () {
  var box = document.getElementById('refresh');
  var key = 'aurora-refresh';
  var timer;
  function plan() {
    clearTimeout(timer);
    if (box.checked) timer = setTimeout(again, box.dataset.seconds * 1000);
  }
  function again() {
    if (document.hidden) document.addEventListener('visibilitychange', again, { once: true });
    else if (box.checked) location.reload();
  }
  box.checked = sessionStorage.getItem(key) !== 'off';
  box.closest('label').hidden = false;
  box.addEventListener('change', function () {
    sessionStorage.setItem(key, box.checked ? 'on' : 'off');
    plan();
  });
  plan();
})();`;
