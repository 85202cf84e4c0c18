import type { Page } from '../frame.ts';
import { html } from '../html.ts';

/** The form to sign in with. `next` is where to go then. */
export function loginPage(next: string, wrong: boolean): Page {
  return {
    title: 'Sign in',
    narrow: true,
    body: html`<form class="card login" method="post" action="/dashboard/login">
<p>The dashboards show orders and customers. Enter the token that you were given.</p>
<input type="hidden" name="next" value="${next}">
<label for="token">Token
<input id="token" name="token" type="password" autocomplete="current-password" required maxlength="512"${
      wrong && html` aria-invalid="true" aria-describedby="wrong"`
    }></label>
${wrong && html`<p class="complaint" id="wrong" role="alert">This token does not open the dashboards. Check that it is whole, and of this environment.</p>`}
<button type="submit">Sign in</button>
</form>`,
  };
}

/** Nobody can sign in yet: how to change that. */
export function closedPage(): Page {
  return {
    title: 'The dashboards are closed',
    narrow: true,
    body: html`<div class="card login">
<p>No token is configured, so nobody can sign in. Set <code>AURORA_DASHBOARD_TOKENS</code> where this
service runs, and start it again:</p>
<pre tabindex="0"><code>AURORA_DASHBOARD_TOKENS='{"&lt;token of 16 characters or more&gt;": "viewer"}'</code></pre>
<p>Roles are <code>admin</code>, <code>support_lead</code>, <code>concierge_agent</code> and <code>viewer</code>.</p>
</div>`,
  };
}

/** A page that says one thing: forbidden, not found, away. */
export function noticePage(title: string, text: string): Page {
  return {
    title,
    body: html`<div class="empty"><p>${text}</p>
<p><a href="/dashboard/support/queue">To the support queue</a></p></div>`,
  };
}
