// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Curve} from "../src/Curve.sol";
import {Share} from "../src/IAssets.sol";
import {Delivery, Offer, Purchase} from "../src/IExchange.sol";
import {KeyBox} from "../src/KeyBox.sol";
import {Identity} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";

/// @notice The contracts against the vectors that the Go side passes: what one signs and seals, the other takes.
contract VectorsTest is Fixture {
    bytes32 private constant OFFER_TYPEHASH = keccak256(
        "Offer(address seller,address taker,uint256 tokenId,address currency,address panel,uint256 price,uint256 floor,uint64 startsAt,uint64 endsAt,uint32 copies,uint32 deliverWithin,uint32 disputeWithin,uint32 term,bool transferable,bytes32 keyCommitment,bytes32 payloadHash,bytes32 termsHash,bytes32 purposeHash,uint256 salt)"
    );

    string private constant FOLDER = "../testdata/vectors/";

    mapping(string field => string value) private vector;
    mapping(string field => bool set) private has;
    string[] private fields;
    Share[] private shares;
    uint256 private checked;

    function test_KeyBoxesOpenAsTheVectorsSay() public {
        each("keybox.txt", this.keyBox);
        isTrue(checked > 4, "vectors read");
    }

    function test_DigestsAreThoseOfTheVectors() public {
        each("eip712.txt", this.typedData);
        isTrue(checked > 5, "vectors read");
    }

    function keyBox() external view {
        Delivery memory d;
        d.orderHash = word("order");
        d.ephemeralX = uint256(word("ephemeralX"));
        d.ephemeralY = uint256(word("ephemeralY"));
        d.masked = word("masked");
        uint256 secret = uint256(word("buyerSecret"));
        bool sane = secret != 0 && secret < Curve.ORDER && Curve.isPoint(d.ephemeralX, d.ephemeralY);
        bool good = same(vector["expect"], "success");
        isTrue(sane == good, vector["name"]);
        if (!good) return;
        eq(this.open(d, secret), word("cek"), vector["name"]);
        (uint256 x, uint256 y) = Curve.mul(1, 2, secret);
        eq(x, uint256(word("buyerX")), "buyerX");
        eq(y, uint256(word("buyerY")), "buyerY");
    }

    function typedData() external {
        if (has["owner"]) return entry();
        if (!same(vector["expect"], "success")) return;
        string memory name = vector["name"];
        if (same(name, "Offer")) {
            eq(digestAt(keccak256(abi.encode(OFFER_TYPEHASH, offer()))), word("digest"), name);
        } else if (same(name, "Trade")) {
            Purchase memory p = Purchase(
                addr("buyer"), vm.parseUint(vector["price"]), uint256(word("keyX")), uint256(word("keyY"))
            );
            eq(keccak256(abi.encode(word("orderHash"), p)), word("digest"), name);
        } else if (same(name, "Asset")) {
            bytes32 typeHash =
                keccak256("Asset(address creator,bytes32 contentCommitment,bytes32 splitHash,bytes32 parent)");
            eq(uint256(word("tokenId")), assets.tokenOf(word("contentCommitment"), shares), "tokenId");
            bytes memory body =
                abi.encode(typeHash, addr("creator"), word("contentCommitment"), word("splitHash"), word("parent"));
            eq(digestAt(keccak256(body)), word("digest"), name);
        } else if (same(name, "Delivery")) {
            bytes32 typeHash = keccak256(
                "Delivery(bytes32 orderHash,bytes32 grantHash,uint256 ephemeralX,uint256 ephemeralY,bytes32 masked)"
            );
            bytes memory body = abi.encode(
                typeHash, word("orderHash"), word("grantHash"), word("ephemeralX"), word("ephemeralY"), word("masked")
            );
            eq(digestAt(keccak256(body)), word("digest"), name);
        } else if (same(name, "Cancel") || same(name, "Revoke")) {
            string memory of_ = same(name, "Cancel") ? "orderHash" : "tradeId";
            bytes32 typeHash = keccak256(bytes(string.concat(name, "(bytes32 ", of_, ")")));
            eq(digestAt(keccak256(abi.encode(typeHash, word(of_)))), word("digest"), name);
        }
    }

    /// @dev The identity contract itself takes the good signature and refuses the others.
    function entry() private {
        Identity there = Identity(place(address(identity)));
        address owner = addr("owner");
        eq(there.tokenOf(owner), uint256(word("tokenId")), "tokenId");
        (bool ok,) = address(there).call(abi.encodeCall(there.enter, (owner, value("signature"))));
        isTrue(ok == same(vector["expect"], "success"), vector["name"]);
        if (!ok) return;
        eq(there.ownerOf(uint256(word("tokenId"))), owner, "owner");
        // Forget it, or all that follow would be refused because this one was taken.
        vm.store(address(there), keccak256(abi.encode(word("tokenId"), uint256(0))), 0);
        eq(there.balanceOf(owner), 0, "forgotten");
    }

    function offer() private view returns (Offer memory o) {
        o.seller = addr("seller");
        o.taker = addr("taker");
        o.tokenId = uint256(word("tokenId"));
        o.currency = addr("currency");
        o.panel = addr("panel");
        o.price = vm.parseUint(vector["price"]);
        o.floor = vm.parseUint(vector["floor"]);
        o.startsAt = uint64(vm.parseUint(vector["startsAt"]));
        o.endsAt = uint64(vm.parseUint(vector["endsAt"]));
        o.copies = uint32(vm.parseUint(vector["copies"]));
        o.deliverWithin = uint32(vm.parseUint(vector["deliverWithin"]));
        o.disputeWithin = uint32(vm.parseUint(vector["disputeWithin"]));
        o.term = uint32(vm.parseUint(vector["term"]));
        o.transferable = same(vector["transferable"], "true");
        o.keyCommitment = word("keyCommitment");
        o.payloadHash = word("payloadHash");
        o.termsHash = word("termsHash");
        o.purposeHash = word("purposeHash");
        o.salt = uint256(word("salt"));
    }

    function open(Delivery calldata d, uint256 secret) external view returns (bytes32) {
        return KeyBox.open(d, secret);
    }

    /// @dev A contract's code at the vector's address on the vector's chain. It was built for another chain, so it works
    /// out its domain anew.
    function place(address contract_) private returns (address there) {
        there = addr("contract");
        vm.etch(there, contract_.code);
        vm.chainId(vm.parseUint(vector["chainId"]));
    }

    function digestAt(bytes32 structHash) private returns (bytes32) {
        vm.chainId(vm.parseUint(vector["chainId"]));
        return digest(addr("contract"), structHash);
    }

    /// @dev Calls `check` with each vector of a file.
    function each(string memory file, function() external check) private {
        string[] memory lines = vm.split(string.concat(vm.readFile(string.concat(FOLDER, file)), "\n"), "\n");
        for (uint256 i = 0; i < lines.length; ++i) {
            bytes memory line = bytes(lines[i]);
            if (line.length != 0 && line[0] != "#") {
                set(lines[i]);
            } else if (fields.length != 0) {
                check();
                ++checked;
                forget();
            }
        }
    }

    function set(string memory line) private {
        string[] memory parts = vm.split(string.concat(line, " "), ": "); // an empty value has no space after it
        string memory rest = parts[1];
        for (uint256 i = 2; i < parts.length; ++i) {
            rest = string.concat(rest, ": ", parts[i]);
        }
        rest = trimmed(rest);
        fields.push(parts[0]);
        (vector[parts[0]], has[parts[0]]) = (rest, true);
        if (!same(parts[0], "share")) return;
        string[] memory share = vm.split(rest, " ");
        shares.push(Share(address(bytes20(vm.parseBytes(share[0]))), uint16(vm.parseUint(share[1]))));
    }

    function trimmed(string memory text) private pure returns (string memory) {
        uint256 n = bytes(text).length;
        if (n != 0 && bytes(text)[n - 1] == " ") {
            assembly {
                mstore(text, sub(n, 1))
            }
        }
        return text;
    }

    function forget() private {
        for (uint256 i = 0; i < fields.length; ++i) {
            delete vector[fields[i]];
            delete has[fields[i]];
        }
        delete fields;
        delete shares;
    }

    function value(string memory field) private view returns (bytes memory) {
        bytes memory text = bytes(vector[field]);
        bool prefixed = text.length > 1 && text[1] == "x";
        return vm.parseBytes(prefixed ? string(text) : string.concat("0x", string(text)));
    }

    function word(string memory field) private view returns (bytes32) {
        bytes memory bytes_ = value(field);
        eq(bytes_.length, 32, field);
        return bytes32(bytes_);
    }

    function addr(string memory field) private view returns (address) {
        return address(bytes20(value(field)));
    }

    function same(string memory a, string memory b) private pure returns (bool) {
        return keccak256(bytes(a)) == keccak256(bytes(b));
    }
}
