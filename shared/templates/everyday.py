"""Labels that any office's paper bears: invoices, orders, letters and fax covers no less than charts."""

EVERYDAY = frozenset(
    (
        "to|from|date|todays date|re|attn|subject|company|sender|recipient|department|office|practice|agency|facility|hospital|"
        "fax|fax number|fax no|fax #|phone|telephone|tel|phone number|phone #|telephone number|tel #|email|e mail|email address|"
        "name|title|address|street|street address|city|mailing address|location|client|client name|member|provider|representative|"
        "pages|number of pages|total pages|page count|no of pages|pages including cover|# of pages|# pages|no pages|date sent|"
        "comments|comment|notes|note|remarks|reason|status|type|priority|urgent|urgency|description|category|section|services|"
        "account|account number|account no|account #|account name|order number|order no|order #|case number|case no|control number|"
        "sample no|sample number|sample id|req no|id|id #|id no|id number|number|code|group|unit|units|quantity|qty|item|material|"
        "total|total due|total amount|amount|amount paid|paid|payment|payments|total paid|charges|charge|fee|tax id|ein|tin|tax number|"
        "total charge|total charges|federal tax id|plan|product|product name|program name|network|period|test|tests|result|results|value|"
        "received|date received|received date|received by|received on|reported|reported by|report date|date of report|issued|issued by|"
        "released|effective|printed|print date|start|stop|from date|to date|start date|end date|action|change|procedure|"
        "signature|signed|signed by|date signed|signature date|authorized signature|requested by|ordered by|performed by|"
        "lab|laboratory|laboratory name|weight|height|age|sex|physician|doctor|dr|condition|activity|language"
    ).split("|")
)
