#!/usr/bin/env bash
# A first order through the gateway: a group, its papad, a buyer, her order; prints it once the catalogue holds it for her.
# Usage: first_order.sh GATEWAY ISSUER, both URLs; the issuer is the development one.
set -euo pipefail
gateway=${1:?the URL of the gateway} issuer=${2:?the URL of the development issuer}

field() { python3 -c 'import json, sys; said = json.load(sys.stdin); print(said.get(sys.argv[1]) or sys.exit(str(said)))' "$1"; }
key() { cat /proc/sys/kernel/random/uuid; }
token() { curl -sS "$issuer/token" -H 'Content-Type: application/json' -d "$1" | field access_token; }
ask() { # METHOD PATH TOKEN [BODY]
  curl -sS -X "$1" "$gateway$2" -H "Authorization: Bearer $3" -H "Idempotency-Key: $(key)" \
    -H 'Content-Type: application/json' -d "${4:-}"
}

officer=$(token '{"role": "district_officer", "district": "490"}')
group=$(ask POST /v1/groups "$officer" "{\"programme\": \"umed\", \"code\": \"F-$(key)\", \"district\": \"490\",
  \"block\": \"4512\", \"names\": {\"mr\": \"सावित्रीबाई फुले महिला बचत गट\"}}" | field id)
echo "group $group"

leader=$(token "{\"role\": \"group_leader\", \"groups\": [\"$group\"], \"district\": \"490\"}")
product=$(ask POST /v1/products "$leader" "{\"group_id\": \"$group\", \"category\": \"food\", \"hsn\": \"190590\",
  \"title\": {\"mr\": \"उडीद पापड\", \"hi\": \"उड़द पापड़\", \"en\": \"Urad papad\"},
  \"description\": {\"mr\": \"हाताने लाटलेले, उन्हात वाळवलेले.\"},
  \"fssai\": {\"number\": \"11521034000123\", \"expires_on\": \"2036-03-31\"},
  \"images\": [\"https://images.example.in/papad.jpg\"],
  \"variants\": [{\"sku\": \"UDID-200\", \"unit_price_paise\": 9000, \"mrp_paise\": 10000, \"tax_basis_points\": 500,
    \"net_quantity\": \"200 ग्रॅम\"}]}" | field id)
ask POST "/v1/products/$product/submit" "$leader" | field status
ask POST "/v1/products/$product/approve" "$officer" | field status
ask POST "/v1/products/$product/list" "$leader" | field status
ask PUT "/v1/products/$product/variants/UDID-200/stock" "$leader" '{"on_hand": 10}' | field available

buyer=$(token '{"role": "buyer"}')
party=$(python3 -c 'import base64, json, sys; print(json.loads(base64.urlsafe_b64decode(sys.argv[1] + "=="))["sub"])' \
  "$(cut -d. -f2 <<<"$buyer")")
ask PUT "/v1/contacts/$party" "$buyer" \
  '{"language": "mr", "phone": "9812345678", "consents": {"transactional": true}}' | field language

# The order desk hears of the product by an event: until then it does not know what is ordered.
for _ in $(seq 60); do
  answer=$(ask POST /v1/orders "$buyer" "{\"lines\": [{\"product_id\": \"$product\", \"sku\": \"UDID-200\",
    \"quantity\": 2}], \"deliver_to\": {\"district\": \"490\", \"pincode\": \"413102\"}}")
  order=$(field id <<<"$answer" 2>/dev/null) && break
  sleep 1
done
echo "order ${order:?was refused: $answer}"
for _ in $(seq 60); do
  status=$(curl -sS "$gateway/v1/orders/$order" -H "Authorization: Bearer $buyer" | field status)
  [[ $status == placed ]] || break
  sleep 1
done
echo "order is $status"
[[ $status == confirmed ]]
