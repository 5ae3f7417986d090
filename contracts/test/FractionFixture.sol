// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {FractionTerms} from "../src/IFractions.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Fraction, Fractions} from "./Faces.sol";
import {Pauser} from "./hostile/Pauser.sol";

/// @notice A vault of the usual asset with 1,000 fractions, and its holders.
abstract contract FractionFixture is ExchangeFixture {
    uint256 internal constant STEWARD_KEY = 0x57E3A2D;
    uint32 internal constant SUPPLY = 1000;

    address internal immutable steward = vm.addr(STEWARD_KEY);
    address internal immutable ann = address(0xA22);
    address internal immutable ben = address(0xBE2);

    Pauser internal pauser;
    Fractions internal fractions;
    uint256 internal id;

    function setUp() public virtual override {
        super.setUp();
        pauser = new Pauser();
        openExchange();
        vm.deal(other, 0);
        fractions = Fractions(deploy("Fractions", abi.encode(assets, exchange, pauser)));
        id = enterUsual();
    }

    function terms(address currency) internal view returns (FractionTerms memory) {
        return FractionTerms({supply: SUPPLY, currency: currency, steward: steward, salt: bytes32(uint256(7))});
    }

    function fractionalise(FractionTerms memory t) internal returns (Fraction) {
        vm.prank(assets.ownerOf(id));
        assets.safeTransferFrom(patient, address(fractions), id, abi.encode(t));
        return Fraction(fractions.fractionOf(id, t));
    }

    function give(Fraction f, address from, address to, uint256 units) internal {
        vm.prank(from);
        isTrue(f.transfer(to, units), "transfer");
    }

    /// @dev patient 400, ann 350, ben 250.
    function shareOut(Fraction f) internal {
        give(f, patient, ann, 350);
        give(f, patient, ben, 250);
    }
}
