/** What each check does, in a sentence or two. A test holds this table and the registry together. */
export const checkWords: Readonly<Record<string, string>> = {
  'environment-matrix':
    'Compares the env files with the matrix, string by string. Where the matrix names a vault secret, the env file must hold a reference to it: a literal key fails and is not shown.',
  secrets:
    'Follows the `vault:` references of the env files. Each must lead to a value; only its length is ever told.',
  indexes: 'Asks the database of each environment for the indexes that the checklist wants.',
  'stubs-off':
    'Looks at the switches for sample data: as the env file has them, or as a running service answers them at `/api/health`. A service that says it uses stubs all the same fails, whatever its switches say.',
  smoke:
    'Plays the interactions of the smoke checklist, each as a customer of its own, and removes what they left behind. Keeps the request ids.',
  'flag-state': "Reads a flag as applications get it and compares the candidate's share.",
  'answers-build':
    'Asks as many fresh customers would, and counts which build answers. An answer that is not 200 fails.',
  links:
    'Opens the views that a person is about to approve. No views are inconclusive. With `screens: auto` also drives the widget in a browser and keeps screenshots; where there is none it says so and the links remain.',
  screens:
    'Drives the real widget through the journeys of its checklist in a browser, looks at the dashboards, and keeps screenshots with their digests. Without a browser it is an error: nothing was seen.',
  'clean-log':
    "Watches the candidate's request log for 5xx answers. Ends early on a crash of the slot, or when too many errors are proven; fewer requests than `minRequests` are inconclusive.",
  canary:
    'Watches the candidate by the bands of the SLO checklist, and against the stable build over the same window. Proven red ends it at once; green counts when the whole window was watched; amber extends it once, then is inconclusive.',
  ramp: 'The same with all customers on the candidate: nobody is left to compare it with.',
  'post-deploy':
    "Asks the plan's queries over the candidate's events, compares the KPIs with the stored baseline, and judges the SLO bands once more.",
};

/** What each effect does, and what it looks at afterwards. */
export const effectWords: Readonly<Record<string, string>> = {
  'start-slot':
    'Starts the candidate in the slot that serves nobody. Seen: the slot answers with the digest of the build. Undone by stopping it.',
  'switch-traffic':
    'Sends all customers of an environment to the candidate; the slot before stays up. Seen: fresh customers are answered by it. Undone by switching back.',
  'route-candidate':
    'Tells the edge which slot the candidate cohort goes to; the flag decides who that is.',
  'set-cohort':
    'Gives the candidate its share of the customers through the canary flag. Seen: what applications get.',
  'stable-cohort':
    'Names the build that everybody outside a canary gets, and switches the flag on.',
  'enable-flags': 'Switches flags on again after a rollback.',
  promote:
    'Makes the candidate the stable build, so that a later rollback comes back to it. The slot before stays up.',
  'disable-flags':
    'Switches flags off, all in one call: the widget is hidden in every build. Seen: what applications get.',
  'restore-stable':
    'Brings the previous stable build back in front of every customer; starts it again if it does not run. Seen: fresh customers are answered by it.',
  'retire-candidate': "Removes the rolled back build's strategy from the flag and stops its slot.",
  'clear-sessions': 'Removes the session keys of an environment, by their prefix and nothing else.',
  'purge-cdn': "Makes the CDN forget the widget's bundles. Seen: as a browser asks for them.",
  notify: 'Sends a message to people. Seen: the receipt of the other side.',
  'incident-note': 'Writes the incident note beside the journal.',
  'silence-alerts': "Silences the service's alerts for a time; the silence ends by itself.",
};
