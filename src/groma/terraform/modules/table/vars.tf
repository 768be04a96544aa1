variable "name" {
  description = "Name of the table."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]{3,255}$", var.name))
    error_message = "name must be 3 to 255 letters, digits, '-', '_' or '.'."
  }
}

variable "attributes" {
  description = "Type of each attribute that a key uses: S (string), N (number) or B (binary)."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for type in values(var.attributes) : contains(["S", "N", "B"], type)])
    error_message = "Each of attributes must be \"S\", \"N\" or \"B\"."
  }

  validation {
    condition = toset(keys(var.attributes)) == toset(compact(concat(
      [var.keys.hash, var.keys.range], values(var.indexes)[*].hash, values(var.indexes)[*].range
    )))
    error_message = "attributes must name exactly those that keys and indexes use."
  }
}

variable "keys" {
  description = "Attributes by which an item is found: hash (partition key) and, where items of one partition are ordered, range (sort key)."
  type = object({
    hash  = string
    range = optional(string)
  })
  nullable = false

  validation {
    condition     = length(var.keys.hash) > 0 && var.keys.hash != var.keys.range
    error_message = "keys.hash and keys.range must be two different attributes."
  }
}

variable "indexes" {
  description = "Global secondary indexes by name: their keys, what they hold beside the keys (attributes; everything when empty, nothing when keys_only), and their capacity where the table's is provisioned, which is not scaled."
  type = map(object({
    hash           = string
    range          = optional(string)
    attributes     = optional(list(string), [])
    keys_only      = optional(bool, false)
    read_capacity  = optional(number)
    write_capacity = optional(number)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for index in values(var.indexes) : !(index.keys_only && length(index.attributes) > 0)])
    error_message = "An index that is keys_only holds no attributes."
  }

  validation {
    condition     = alltrue([for index in values(var.indexes) : (index.read_capacity != null && index.write_capacity != null) == (var.capacity != null)])
    error_message = "Each of indexes needs read_capacity and write_capacity exactly when capacity is given."
  }
}

variable "capacity" {
  description = "Provisioned capacity units for reads and writes, least and most, scaled to a use in per cent; null for on demand."
  type = object({
    read           = object({ min = number, max = number })
    write          = object({ min = number, max = number })
    target_percent = optional(number, 70)
  })
  default = null

  validation {
    condition = var.capacity == null || try(alltrue([
      for limits in [var.capacity.read, var.capacity.write] : limits.min >= 1 && limits.min <= limits.max
    ]) && var.capacity.target_percent >= 20 && var.capacity.target_percent <= 90, false)
    error_message = "capacity needs 1 <= min <= max for read and write, and target_percent from 20 to 90."
  }
}

variable "ttl_attribute" {
  description = "Attribute with the second since 1970 after which an item is deleted; null when none is."
  type        = string
  default     = null

  validation {
    condition     = var.ttl_attribute == null || try(length(var.ttl_attribute) >= 1 && length(var.ttl_attribute) <= 255, false)
    error_message = "ttl_attribute must be 1 to 255 characters, or null."
  }
}

variable "stream" {
  description = "What the stream of changes holds: NEW_IMAGE, OLD_IMAGE, NEW_AND_OLD_IMAGES or KEYS_ONLY; null for no stream. Replicas need, and get, both images."
  type        = string
  default     = null

  validation {
    condition     = var.stream == null || try(contains(["NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"], var.stream), false)
    error_message = "stream must be \"NEW_IMAGE\", \"OLD_IMAGE\", \"NEW_AND_OLD_IMAGES\", \"KEYS_ONLY\" or null."
  }
}

variable "replica_regions" {
  description = "Other regions in which the table stands too, as a global table: each copy takes reads and writes."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for region in var.replica_regions : can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", region))]) && length(distinct(var.replica_regions)) == length(var.replica_regions)
    error_message = "replica_regions must be names of regions, such as \"eu-west-1\", each once."
  }

  validation {
    condition     = length(var.replica_regions) == 0 || var.capacity == null
    error_message = "replica_regions go with capacity on demand: each copy must take the writes of all."
  }
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the table; null for DynamoDB's own, which costs nothing. Replicas have DynamoDB's own."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key, such as \"arn:aws:kms:us-east-1:111122223333:key/…\", or null."
  }

  validation {
    condition     = var.kms_key_arn == null || length(var.replica_regions) == 0
    error_message = "kms_key_arn must be null with replica_regions: a key belongs to one region."
  }
}

variable "point_in_time_recovery" {
  description = "Whether the table can be restored as it was at any second of the last 35 days."
  type        = bool
  default     = true
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether AWS refuses to delete the table."
  type        = bool
  default     = true
  nullable    = false
}
