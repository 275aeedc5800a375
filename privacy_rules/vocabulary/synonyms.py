"""Words that mean about the same in privacy and data work, each line one meaning, the first word its name."""

from __future__ import annotations

from collections.abc import Mapping

_LINES = """
email mail emailaddress
phone telephone mobile cell msisdn tel fax
address postal street zip postcode postalcode city residence
name firstname lastname surname fullname forename givenname familyname
birth birthday dob birthdate age
gender sex
ip ipaddress
cookie tracker beacon pixel
identifier uid uuid guid unique
browser useragent
location geolocation gps geo latitude longitude position precise imprecise
payment billing pay checkout
card creditcard debitcard pan pci
bank iban account_number financial finance
health medical diagnosis patient clinical hospital treatment
race ethnicity ethnic racial
religion religious belief faith
political politics opinion
biometric fingerprint face facial retina voiceprint
genetic dna genome
child children childrens minor kid
credential password login auth authentication secret token passphrase
government passport ssn national license licence tax
employment job work occupation workplace employer employee career
salary wage income
education school grade student academic
traffic browsing clickstream click visit pageview page view
behaviour behavior activity usage history
purchase order transaction shopping sale cart invoice
marketing campaign promotion promotional
advertising advert ad ads advertiser targeted targeting retargeting
newsletter mailing subscription
analytics statistic measurement measure reporting report metric insight analysis analyse analyze
improvement improve optimisation optimization development research
service essential functional operation provide deliver provision
support helpdesk ticket assistance
security fraud abuse protection prevention safety
legal compliance obligation regulatory law litigation
personalisation personalization personalize personalise recommendation
message chat content comment feedback communication correspondence
picture photo image video avatar
profile account
pii phi personaldata
contact reach
sensitive special confidential restricted
device desktop handset client workstation
database datastore sql postgres postgresql mysql mongo mongodb oracle db table datasource
queue kafka topic broker stream messaging
warehouse bigquery snowflake redshift lake lakehouse databricks
file s3 bucket storage blob store
saas vendor thirdparty external
server api webservice microservice process backend job lambda function service
application app website webapp frontend portal
hashing hash sha sha1 sha256 md5
tokenisation tokenization tokenize
redaction mask masking redact nulling
aggregation aggregate count sum average
anonymisation anonymization anonymous anonymised
pseudonymisation pseudonymization pseudonym
encryption encrypt encrypted cipher tls ssl
consent optin
contract agreement
"""


def _meanings() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in _LINES.split("\n"):
        words = line.split()
        for each in words:
            found.setdefault(each, words[0])
    return found


MEANINGS = _meanings()
"""Word → the name of its meaning."""
