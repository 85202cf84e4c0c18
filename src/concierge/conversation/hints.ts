import type { Intent } from '../messages.ts';

/** How much a turn of phrase speaks for an intent. */
export type Hint = readonly [weight: number, pattern: RegExp];

const thing =
  '(order|package|parcel|delivery|shipment|purchase|ring|necklace|bracelet|earrings?|jewell?e?ry|item|stuff)s?';

/** Turns of phrase in a tidied text. 3 and more decide by themselves; 1 and 2 add up. */
export const hints: Readonly<Record<Intent, readonly Hint[]>> = {
  track_order: [
    [4, /\bwhere\b.{0,20}\[order number\]|^\W*(my )?(order )?\[order number\]\W*$/],
    [4, /\b(track|tracking|whereabouts)\b/],
    [4, new RegExp(`\\bwhere('s| is| are|s)? (my|our|the) (\\w+ ){0,2}${thing}\\b`)],
    [4, /\b(order|delivery|shipping|shipment) status\b|\bstatus (of|on|for) (my|our|the|an?) \w+/],
    [
      3,
      /\b(when|will|is|has|have|did|what) .{0,40}\b(arriv(e|ed|ing)|deliver(ed)?|shipp?(ed|ing)?|get here|be here|on its way)\b/,
    ],
    [
      3,
      /(\b(not|never|yet to|hasnt|havent)|n't) .{0,12}\b(arrived?|come|shown up|received?|got|delivered|turned up)\b/,
    ],
    [3, /\bstill (waiting|no sign)\b|\b(lost in the mail|is (it|my order) late|eta)\b/],
    [1, /\b(order|parcel|package|delivery|shipment|\[order number\])\b|\[order number\]/],
    [1, /\bstatus\b/],
  ],
  order_updates_subscribe: [
    [
      5,
      /\b(notify|keep me (posted|updated|informed|in the loop)|subscribe|notifications?|alerts?)\b/,
    ],
    [
      5,
      /\b(let me know|(text|e-?mail|sms|message|ping|alert|tell|inform) (me|us)) (when|if|once|as soon|about|of|on|with|any|updates)\b/,
    ],
    [
      4,
      /\b(updates?|news) (by|via|on|about|for|of|from|through)\b|\b(get|want|receive|send me) .{0,12}updates\b/,
    ],
  ],
  return_exchange: [
    [4, /\b(return(ed|ing|s)?|refund(ed|s)?|exchang(e|ed|ing)|money back|swap)\b/],
    [4, /\b(send|give|bring|ship) (\w+ ){0,3}back\b/],
    [
      4,
      /\b(resiz(e|ed|ing)|too (big|small|tight|loose|large)|size (up|down)|wrong size|(bigger|smaller|larger|different) size)\b/,
    ],
    [4, /\b(does ?n('|o)?t|do not|don't|did ?n('|o)?t) fit\b/],
    [
      4,
      /\b(repair(s|ed|ing)?|fix(ed|ing)?|broken?|polish(ed|ing)?|warranty|scratched|damaged|tarnish(ed|ing)?|fell (out|off)|came (off|loose))\b/,
    ],
    [3, /\b(clean(ed|ing)?|changed my mind|do not like (it|them)|don't like (it|them))\b/],
  ],
  stylist_contact: [
    [
      5,
      /\b(stylist|human|real person|representative|consultant|advis[eo]r|live agent|manager|appointment)\b/,
    ],
    [
      4,
      /\b(talk|speak|chat) (to|with)\b|\bcall me\b|\bcall back\b|\b(phone|contact) (you|someone|somebody|us)\b/,
    ],
    [
      4,
      /\b(financ(e|ing)|instal?lments?|pay monthly|payment plan|complain(t|ing)?|bespoke|custom[- ]made)\b/,
    ],
    [2, /\b(person|agent|someone|somebody|advice|expert|help me (choose|decide))\b/],
  ],
  csat: [
    [5, /\b(rate|rating|feedback|survey)\b|\bleave (a|you a) review\b/],
    [
      4,
      /\b(great|good|excellent|amazing|fantastic|terrible|awful|bad|poor|lousy|lovely|wonderful) (service|help|job|experience|chat|support)\b/,
    ],
    [
      4,
      /\b(you|this|that|it) (was|were|is|are|'re) (very |so |really |not |totally )*(great|helpful|useless|terrible|awful|unhelpful|perfect|brilliant)\b/,
    ],
    [2, /\b(thanks|thank you|thx|cheers|love(d)? it|not helpful)\b/],
  ],
  capsule_reserve: [
    [7, /\b(capsule|reserv(e|ed|ing|ation)|on hold|48 hours?)\b/],
    [5, /\b(hold|put|set|keep) (\w+ ){0,4}(aside|for me|until|till|for a (day|few days))\b/],
    [4, /\bhold (on to )?(these|this|it|them|my|those|the|both)\b/],
  ],
  shortlist_save: [
    [5, /\b(short ?list|wish ?list|favou?rites?|bookmark)\b/],
    [
      5,
      /\b(save|keep|remember|store) (\w+ ){0,4}(later|saved)\b|\bsave (this|these|them|it|those|both)\b/,
    ],
    [4, /\bmy saved\b|\bsaved (pieces|items)\b/],
  ],
  inspiration_upload: [
    [5, /\b(upload(ing|ed)?|inspiration|mood ?board|pinterest)\b/],
    [
      5,
      /\b(share|send|show|attach|have|add|got) (\w+ ){0,4}(picture|photo|image|pic|screenshot|sketch|drawing)s?\b/,
    ],
    [2, /\b(picture|photo|image|pic|screenshot|sketch|drawing)s?\b/],
  ],
  find_product: [
    [
      2,
      /\b(show|find|looking|look for|search(ing)?|browse|shop(ping)?|recommend|suggest|buy|purchase|interested|do you (have|sell|carry)|have you got)\b/,
    ],
    [1, /\b(want|need|like|any|something|anything)\b/],
    [
      2,
      /\b(gift|present|anniversary|engagement|proposal|propose|wedding|birthday|valentine'?s?|christmas|graduation)\b/,
    ],
    [1, /\b(diamonds?|jewell?e?ry|ready to ship|in stock|affordable|cheap)\b/],
    [3, /\b(best ?sellers?|new arrivals)\b/],
  ],
};

const pieces =
  '(rings?|necklaces?|bracelets?|earrings?|bands?|pendants?|chains?|studs?|hoops?|solitaires?)';

/** A piece that the customer has already: they do not look for one. */
export const owned = new RegExp(`\\b(my|our) (\\w+ ){0,2}${pieces}\\b`);
/** A certain piece, which may be looked for or be there already. */
export const certainPiece = new RegExp(`\\b(the|this|that|these|those) (\\w+ ){0,2}${pieces}\\b`);
